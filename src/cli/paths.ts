/** Where files are when neither the command line nor the environment says otherwise. */
export const CONFIG_DEFAULT = "/etc/cluster/cluster.conf";
export const COROSYNC_CONF_DEFAULT = "/etc/corosync/corosync.conf";
