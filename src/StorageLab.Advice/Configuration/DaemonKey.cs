using System.Collections.Immutable;
using System.Text.Json;

namespace StorageLab.Advice.Configuration;

/// <summary>A key of daemon.json.</summary>
/// <param name="Name">As it is written there.</param>
/// <param name="Kind">String, Number, True (for either truth value), Array (of strings) or Object.</param>
/// <param name="Flag">Its name on dockerd's command line.</param>
/// <remarks>Source: moby v20.10.24, cmd/dockerd/config.go, config_unix.go and options.go (flags), daemon/config/config.go (kinds); dockerd's reference
/// page lists them in one example.</remarks>
internal sealed record DaemonKey(string Name, JsonValueKind Kind, string Flag)
{
    /// <summary>Of lists the flag is singular, because it is given once per value.</summary>
    private static readonly Dictionary<string, string> Singular = new(StringComparer.Ordinal)
    {
        ["authorization-plugins"] = "authorization-plugin", ["cluster-store-opts"] = "cluster-store-opt", ["default-address-pools"] = "default-address-pool",
        ["default-ulimits"] = "default-ulimit", ["dns-opts"] = "dns-opt", ["exec-opts"] = "exec-opt", ["hosts"] = "host", ["insecure-registries"] = "insecure-registry",
        ["labels"] = "label", ["log-opts"] = "log-opt", ["node-generic-resources"] = "node-generic-resource", ["registry-mirrors"] = "registry-mirror",
        ["runtimes"] = "add-runtime", ["storage-opts"] = "storage-opt",
    };

    private static readonly (JsonValueKind Kind, string Names)[] ByKind =
    [
        (JsonValueKind.True, "cri-containerd debug experimental icc init ip-forward ip-masq ip6tables iptables ipv6 live-restore no-new-privileges raw-logs rootless selinux-enabled tls tlsverify userland-proxy"),
        (JsonValueKind.String, "api-cors-header bip bridge cgroup-parent cluster-advertise cluster-store containerd containerd-namespace containerd-plugins-namespace data-root default-cgroupns-mode "
            + "default-gateway default-gateway-v6 default-ipc-mode default-runtime default-shm-size exec-root fixed-cidr fixed-cidr-v6 graph group init-path ip log-driver log-level metrics-addr pidfile "
            + "seccomp-profile storage-driver swarm-default-advertise-addr tlscacert tlscert tlskey userland-proxy-path userns-remap"),
        (JsonValueKind.Number, "cpu-rt-period cpu-rt-runtime max-concurrent-downloads max-concurrent-uploads max-download-attempts mtu network-control-plane-mtu network-diagnostic-port oom-score-adjust shutdown-timeout"),
        (JsonValueKind.Array, "allow-nondistributable-artifacts authorization-plugins default-address-pools dns dns-opts dns-search exec-opts hosts insecure-registries labels node-generic-resources registry-mirrors storage-opts"),
        (JsonValueKind.Object, "builder cluster-store-opts default-ulimits features log-opts runtimes"),
    ];

    public static ImmutableSortedDictionary<string, DaemonKey> All { get; } = ByKind
        .SelectMany(group => group.Names.Split(' ').Select(name => new DaemonKey(name, group.Kind, Singular.GetValueOrDefault(name, name))))
        .ToImmutableSortedDictionary(key => key.Name, key => key, StringComparer.Ordinal);

    /// <summary>Whether a value is of the key's kind; null is taken for any.</summary>
    public bool Takes(JsonPiece value) => value.Kind == Kind || value.Kind == JsonValueKind.Null || (Kind == JsonValueKind.True && value.Kind == JsonValueKind.False)
        || (Name is "cpu-rt-period" or "cpu-rt-runtime" or "default-shm-size" && value.Kind is JsonValueKind.Number or JsonValueKind.String);

    /// <summary>The kind in words, with an example.</summary>
    public string KindText => Kind switch
    {
        JsonValueKind.True => "true or false",
        JsonValueKind.Number => "a number, without quotes",
        JsonValueKind.Array => "a list of strings, e.g. [\"…\"]",
        JsonValueKind.Object => "an object, e.g. {\"…\": …}",
        _ => "a string, in quotes",
    };
}
