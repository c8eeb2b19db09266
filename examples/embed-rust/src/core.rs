//! The core as docs/abi.md describes it, and nothing else: bytes in, bytes out.

use std::fmt;
use wasmtime::{Engine, Instance, Memory, Module, Store, TypedFunc};

/// The ABI that this program speaks: another major is refused, and an older minor.
const ABI_MAJOR: i32 = 1;
const ABI_MINOR: i32 = 0;

/// Settings of `hf_set`.
const HF_MEMORY: i32 = 0;
const HF_WORK: i32 = 1;

/// Why there is no answer.
#[derive(Debug)]
pub enum Error {
    /// The module isn't hostfit's, or of another ABI.
    NotHostfit(String),
    /// The core refused the input: JSON with `code`, `message`, `document`, `offset`, `pointer` and `help`.
    Refused(String),
    /// The runtime ended a call in its middle: the instance is lost.
    Lost(wasmtime::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Error::NotHostfit(why) => write!(f, "not hostfit's core: {why}"),
            Error::Refused(answer) => write!(f, "{answer}"),
            Error::Lost(why) => write!(f, "the call was ended: {why}"),
        }
    }
}

impl std::error::Error for Error {}

type Result<T> = std::result::Result<T, Error>;

/// A handle of the core. It belongs to the instance that made it.
#[derive(Clone, Copy)]
pub struct Handle(i32);

/// One instance. Not for concurrent use, which `&mut self` sees to.
pub struct Core {
    store: Store<()>,
    instance: Instance,
    memory: Memory,
    result: usize,
}

impl Core {
    /// Instantiates the module, seeds its hash and sets its limits. `seed` should be random.
    pub fn new(wasm: &[u8], seed: u64, memory: i32, work: i32) -> Result<Core> {
        let no = |error: wasmtime::Error| Error::NotHostfit(error.to_string());
        let engine = Engine::default();
        let module = Module::new(&engine, wasm).map_err(no)?;
        let mut store = Store::new(&engine, ());
        // The module imports nothing.
        let instance = Instance::new(&mut store, &module, &[]).map_err(no)?;
        let memory_export = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| Error::NotHostfit("it exports no memory".into()))?;
        let mut core = Core {
            store,
            instance,
            memory: memory_export,
            result: 0,
        };
        let abi = core.call("hf_abi", ())?;
        if abi >> 16 != ABI_MAJOR || (abi & 0xffff) < ABI_MINOR {
            return Err(Error::NotHostfit(format!(
                "it speaks ABI {}.{}",
                abi >> 16,
                abi & 0xffff
            )));
        }
        core.result = core.call("hf_result", ())? as u32 as usize;
        core.call("hf_seed", (seed as i32, (seed >> 32) as i32))?;
        core.asked("hf_set", (HF_MEMORY, memory))?;
        core.asked("hf_set", (HF_WORK, work))?;
        Ok(core)
    }

    /// Compiles one document of the native dialect.
    pub fn compile(&mut self, id: &str, document: &[u8]) -> Result<Handle> {
        // A bundle of one: the count, then of each the dialect and two lengths, then the bytes.
        let mut bundle = Vec::with_capacity(16 + id.len() + document.len());
        for word in [1, 0, id.len() as u32, document.len() as u32] {
            bundle.extend(word.to_le_bytes());
        }
        bundle.extend(id.as_bytes());
        bundle.extend(document);
        self.load("hf_compile", &bundle)
    }

    /// Loads a host's facts.
    pub fn facts(&mut self, facts: &[u8]) -> Result<Handle> {
        self.load("hf_facts", facts)
    }

    /// The verdict as JSON; neither candidate nor policy take part.
    pub fn evaluate(&mut self, requirements: Handle, host: Handle) -> Result<String> {
        self.asked("hf_evaluate", (requirements.0, host.0, 0, 0))?;
        Ok(self.answer())
    }

    /// Frees a handle.
    pub fn free(&mut self, handle: Handle) -> Result<()> {
        self.asked("hf_free", handle.0).map(|_| ())
    }

    fn load(&mut self, function: &str, input: &[u8]) -> Result<Handle> {
        let address = self.asked("hf_input", input.len() as i32)? as u32 as usize;
        // Memory may have grown: `data_mut` looks at it anew.
        self.memory.data_mut(&mut self.store)[address..address + input.len()]
            .copy_from_slice(input);
        self.asked(function, input.len() as i32).map(Handle)
    }

    /// A call whose negative result is an error that the result block tells.
    fn asked<P: wasmtime::WasmParams>(&mut self, name: &str, parameters: P) -> Result<i32> {
        match self.call(name, parameters)? {
            status if status < 0 => Err(Error::Refused(self.answer())),
            status => Ok(status),
        }
    }

    fn call<P: wasmtime::WasmParams>(&mut self, name: &str, parameters: P) -> Result<i32> {
        let function: TypedFunc<P, i32> = self
            .instance
            .get_typed_func(&mut self.store, name)
            .map_err(|error| Error::NotHostfit(error.to_string()))?;
        function
            .call(&mut self.store, parameters)
            .map_err(Error::Lost)
    }

    /// Copies the answer at once: the next call reuses its bytes.
    fn answer(&mut self) -> String {
        let data = self.memory.data(&self.store);
        let word = |at: usize| {
            u32::from_le_bytes(data[at..at + 4].try_into().expect("four bytes")) as usize
        };
        let (address, length) = (word(self.result + 4), word(self.result + 8));
        String::from_utf8_lossy(&data[address..address + length]).into_owned()
    }
}
