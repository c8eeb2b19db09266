const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** Modules that a node of a cluster has loaded, as /proc/modules spells them. */
export const MODULES: readonly string[] = words(`
  8021q ac acpi_cpufreq acpi_ipmi acpi_pad acpi_power_meter acpi_tad aesni_intel ahci amd64_edac amd_atl amd_energy amd_pmc ast
  async_memcpy async_pq async_raid6_recov async_tx async_xor auth_rpcgss autofs4 binfmt_misc blake2b_generic bluetooth bnxt_en
  bonding bpfilter br_netfilter bridge btrfs cachefiles ccp ceph cec cfg80211 cls_bpf cls_u32 configfs coretemp
  crc32_pclmul crc32c_intel crct10dif_pclmul cryptd crypto_simd cxl_acpi cxl_core cxl_mem cxl_pci cxl_port dax_hmem dca dell_smbios
  dell_wmi_descriptor dcdbas dm_crypt dm_log dm_mirror dm_mod dm_multipath dm_raid dm_region_hash dm_service_time dm_thin_pool
  dm_bio_prison dm_persistent_data dm_bufio dns_resolver drm drm_kms_helper drm_shmem_helper drm_ttm_helper ebtable_filter ebtables
  ecdh_generic edac_mce_amd efi_pstore ena enclosure fat failover fscache fuse geneve ghash_clmulni_intel gdrdrv grace hid hid_generic
  hpilo hpwdt i2c_algo_bit i2c_i801 i2c_ismt i2c_piix4 i2c_smbus i10nm_edac i40e iavf ib_cm ib_core ib_ipoib ib_iser ib_srp ib_umad
  ib_uverbs ice idxd idxd_bus ifb igb imc_uncore input_leds intel_cstate intel_ifs intel_pmc_bxt intel_powerclamp intel_qat
  intel_rapl_common intel_rapl_msr intel_th intel_th_gth intel_th_pci intel_tcc_cooling intel_uncore intel_uncore_frequency
  intel_uncore_frequency_common intel_vsec ioatdma ip6_tables ip6_tunnel ip6_udp_tunnel ip6t_REJECT ip6t_rpfilter ip6table_filter
  ip6table_mangle ip6table_nat ip6table_raw ip_set ip_set_hash_ip ip_set_hash_ipport ip_set_hash_net ip_tables ip_tunnel ip_vs
  ip_vs_rr ip_vs_sh ip_vs_wrr ipip ipmi_devintf ipmi_msghandler ipmi_si ipmi_ssif ipt_REJECT ipt_rpfilter iptable_filter
  iptable_mangle iptable_nat iptable_raw ipvlan irdma irqbypass isst_if_common isst_if_mbox_msr isst_if_mbox_pci isst_if_mmio
  iscsi_tcp iw_cm ixgbe joydev k10temp kvm kvm_amd kvm_intel libahci libata libceph libcrc32c libiscsi libiscsi_tcp libnvdimm llc
  lockd loop lp lpc_ich lru_cache macvlan macvtap mbcache mdio mei mei_me megaraid_sas mgag200 mii mlx5_core mlx5_ib mlx5_vdpa
  mlxfw mpt3sas msr nbd nd_btt nd_pmem net_failover netconsole netfs nf_conntrack nf_conntrack_ftp nf_conntrack_netlink
  nf_defrag_ipv4 nf_defrag_ipv6 nf_log_syslog nf_nat nf_nat_ftp nf_reject_ipv4 nf_reject_ipv6 nf_tables nfit nfnetlink nfnetlink_log
  nfs nfs_acl nfsd nfsv3 nfsv4 nft_chain_nat nft_compat nft_counter nft_ct nft_fib nft_fib_inet nft_fib_ipv4 nft_fib_ipv6 nft_log
  nft_masq nft_nat nft_reject nft_reject_inet nls_iso8859_1 nvidia nvidia_drm nvidia_fs nvidia_modeset nvidia_peermem nvidia_uvm
  nvme nvme_auth nvme_common nvme_core nvme_fabrics nvme_rdma nvme_tcp openvswitch overlay parport parport_pc pata_acpi pcspkr
  pinctrl_emmitsburg pinctrl_lewisburg pmt_class pmt_telemetry polyval_clmulni polyval_generic ppdev pps_core psample psmouse ptdma
  ptp qat_4xxx qat_c62x raid0 raid1 raid10 raid456 raid6_pq rapl rbd rdma_cm rdma_ucm rfkill rpcrdma rpcsec_gss_krb5 sch_fq
  sch_fq_codel sch_htb sch_ingress scsi_dh_alua scsi_dh_emc scsi_dh_rdac scsi_transport_iscsi scsi_transport_sas sctp sd_mod ses sg
  sha1_ssse3 sha256_ssse3 sha512_ssse3 skx_edac skx_edac_common softdog spd5118 squashfs ssif_bmc stp sunrpc switchtec sysfillrect
  syscopyarea tap target_core_mod tcm_loop tcp_bbr tcp_diag inet_diag team tls tpm_crb tpm_tis ttm tun udp_diag udp_tunnel
  uio uio_pci_generic usbhid veth vfat vfio vfio_iommu_type1 vfio_pci vfio_pci_core vhost vhost_iotlb vhost_net vhost_scsi vhost_vdpa
  vhost_vsock video virtio_net virtio_pci vmw_vsock_virtio_transport_common vmd vport_geneve vport_gre vport_vxlan vrf vsock vxlan
  wireguard wmi wmi_bmof x86_pkg_temp_thermal x_tables xfs xfrm_algo xfrm_user xhci_pci xhci_pci_renesas xor xsk_diag xt_CHECKSUM
  xt_CT xt_LOG xt_MASQUERADE xt_NFLOG xt_REDIRECT xt_TPROXY xt_TCPMSS xt_addrtype xt_bpf xt_comment xt_connmark xt_conntrack
  xt_hashlimit xt_limit xt_mark xt_multiport xt_nat xt_nfacct xt_owner xt_physdev xt_recent xt_set xt_socket xt_state
  xt_statistic xt_tcpudp xt_u32 zfs zram zstd zstd_compress
`);
