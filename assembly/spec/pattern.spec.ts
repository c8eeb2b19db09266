import { regionCreate, regionFree } from "../memory/region";
import { PatternError } from "../pattern/errors";
import { patternCompile, patternError, patternErrorOffset, patternMatches } from "../pattern/pattern";
import { beginWork, setBudget, DEFAULT_BUDGET } from "../work";

/** 1 if the pattern matches the text, 0 if not, -1 if it is refused. */
function matches(pattern: string, text: string): i32 {
  beginWork();
  const source = String.UTF8.encode(pattern);
  const subject = String.UTF8.encode(text);
  const region = regionCreate(64);
  const compiled = patternCompile(region, changetype<usize>(source), source.byteLength);
  let answer = -1;
  if (compiled != 0) answer = patternMatches(compiled, changetype<usize>(subject), subject.byteLength);
  regionFree(region);
  return answer;
}

/** The error of a pattern, and a thousandth of its offset. */
function refusal(pattern: string): f64 {
  if (matches(pattern, "") != -1) return 0;
  return (patternError as f64) + (patternErrorOffset as f64) / 1000;
}

describe("patterns", () => {
  it("match anywhere in the text", () => {
    expect(matches("uvm", "nvidia_uvm")).toBe(1);
    expect(matches("^uvm", "nvidia_uvm")).toBe(0);
    expect(matches("^nvidia(_(uvm|drm|modeset))?$", "nvidia_drm")).toBe(1);
    expect(matches("^nvidia(_(uvm|drm|modeset))?$", "nvidia_fs")).toBe(0);
    expect(matches("", "")).toBe(1);
  });
  it("repeat", () => {
    expect(matches("^a{2,3}$", "aaa")).toBe(1);
    expect(matches("^a{2,3}$", "aaaa")).toBe(0);
    expect(matches("^(ab|c)*?d+$", "abcabdd")).toBe(1);
    expect(matches("^(a*)*$", "b")).toBe(0);
  });
  it("know code points, categories and case", () => {
    expect(matches("^.$", "世")).toBe(1);
    expect(matches("^\\p{Lu}\\pL+$", "École")).toBe(1);
    expect(matches("(?i)^k$", "\u212a")).toBe(1);
    expect(matches("^[^[:^digit:]]+$", "123")).toBe(1);
  });
  it("know lines and words", () => {
    expect(matches("(?m)^b$", "a\nb\nc")).toBe(1);
    expect(matches("\\bkvm\\b", "the kvm module")).toBe(1);
    expect(matches("\\bkvm\\b", "kvm_intel")).toBe(0);
  });
  it("are refused with the reason and the place", () => {
    expect(refusal("ab**")).toBe((PatternError.InvalidNestedRepetition as f64) + 0.002);
    expect(refusal("a(b")).toBe((PatternError.MissingClosingParen as f64) + 0.001);
    expect(refusal("a(?=b)")).toBe((PatternError.InvalidPerlOperator as f64) + 0.001);
    expect(refusal("\\p{Greek}")).toBe(PatternError.UnknownUnicodeClass as f64);
    expect(refusal("x{1001}")).toBe((PatternError.InvalidRepeatCount as f64) + 0.001);
  });
  it("stop when the budget is gone", () => {
    setBudget(100);
    expect(matches("abc", "abc")).toBe(-1);
    expect(patternError).toBe(PatternError.BudgetExhausted);
    setBudget(DEFAULT_BUDGET);
    expect(matches("abc", "abc")).toBe(1);
  });
});
