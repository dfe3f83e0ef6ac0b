/**
 * Which elements and attributes a `cluster.conf` may have, as data.
 * Source: schema of cluster 3.x, plus what its daemons read although the schema forbade it, plus the
 * attributes that are ours (`daemon_restart_grace`, `evidence`, `check_interval`).
 */

/** Shape: `attributes` "any": a fence device's options, or an element that is kept and not looked at. */
export interface ElementRule {
  readonly attributes: readonly string[] | "any";
  readonly required: readonly string[];
  /** "any": whatever is inside is kept and not looked at. */
  readonly children: Readonly<Record<string, ElementRule>> | "any";
  /** True: may appear more than once in its parent. */
  readonly repeats: boolean;
}

interface RuleParts {
  readonly attributes?: readonly string[] | "any";
  readonly required?: readonly string[];
  readonly children?: Readonly<Record<string, ElementRule>>;
}

function once({ attributes = [], required = [], children = {} }: RuleParts): ElementRule {
  return { attributes, required, children, repeats: false };
}

function many(parts: RuleParts): ElementRule {
  return { ...once(parts), repeats: true };
}

/** Belongs to another program: accepted, kept, not looked at. */
const FOREIGN: ElementRule = { attributes: "any", required: [], children: "any", repeats: true };

function words(text: string): readonly string[] {
  return text.split(" ");
}

const MULTICAST = once({ attributes: words("addr ttl port") });

const DEVICE = many({ attributes: "any", required: ["name"] });

const CMAN = once({
  attributes: [
    ...words("two_node expected_votes keyfile transport port cluster_id hash_cluster_id broadcast"),
    ...words("quorum_dev_poll shutdown_timeout ccsd_poll startup_config_timeout disallowed upgrading"),
    ...words("disable_openais max_queued debug_mask nodename"),
  ],
  children: { multicast: MULTICAST, altmulticast: MULTICAST },
});

const TOTEM = once({
  attributes: [
    ...words("token consensus join fail_recv_const seqno_unchanged_const netmtu window_size max_messages"),
    ...words("token_retransmits_before_loss_const miss_count_const rrp_mode rrp_problem_count_threshold"),
    ...words(
      "secauth keyfile version vsftype hold token_retransmit merge send_join downcheck heartbeat_failures_allowed",
    ),
    ...words(
      "max_network_delay threads rrp_problem_count_timeout rrp_token_expired_timeout rrp_autorecovery_check_timeout",
    ),
    ...words("token_coefficient crypto_cipher crypto_hash transport cluster_name"),
  ],
  children: {
    interface: many({ attributes: words("ringnumber bindnetaddr mcastaddr mcastport broadcast ttl") }),
  },
});

const METHOD = many({ attributes: ["name"], required: ["name"], children: { device: DEVICE } });

const CLUSTERNODE = many({
  attributes: words("name nodeid votes weight"),
  required: words("name nodeid"),
  children: {
    altname: once({ attributes: words("name port mcast ttl"), required: ["name"] }),
    fence: once({ children: { method: METHOD } }),
    unfence: once({ children: { device: DEVICE } }),
  },
});

const LOG_KEYS = words(
  "to_syslog to_logfile to_stderr syslog_facility syslog_priority logfile_priority logfile debug timestamp fileline function_name",
);

const LOGGING = once({
  attributes: LOG_KEYS,
  children: { logging_daemon: many({ attributes: ["name", "subsys", ...LOG_KEYS], required: ["name"] }) },
});

export const FENCE_DAEMON_ATTRIBUTES: readonly string[] = [
  ...words("post_join_delay post_fail_delay override_time override_path clean_start skip_undefined"),
  ...words("fence_check_delay daemon_restart_grace evidence check_interval"),
];

export const CLUSTER: ElementRule = once({
  attributes: words("name config_version"),
  required: words("name config_version"),
  children: {
    cman: CMAN,
    totem: TOTEM,
    clusternodes: once({ children: { clusternode: CLUSTERNODE } }),
    fencedevices: once({
      children: { fencedevice: many({ attributes: "any", required: words("name agent") }) },
    }),
    fence_daemon: once({ attributes: FENCE_DAEMON_ATTRIBUTES }),
    volume_groups: once({
      children: { volume_group: many({ attributes: words("name suspend"), required: ["name"] }) },
    }),
    logging: LOGGING,
    ...Object.fromEntries(
      words("rm dlm gfs_controld group clvmd quorumd uidgid fence_xvmd event amf aisexec service").map(
        (name) => [name, FOREIGN],
      ),
    ),
  },
});
