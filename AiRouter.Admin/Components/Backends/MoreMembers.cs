namespace AiRouter.Admin.Components.Backends;

/// <summary>Which members are in which part of the form.</summary>
internal static class MoreMembers
{
    public static readonly string[] Headers = ["headers"];
    public static readonly string[] Tls = ["tls"];
    public static readonly string[] Timeouts = ["timeouts"];
    public static readonly string[] Capacity = ["maxRequestsPerReplica", "maxConnectionsPerReplica", "connections", "maxMessageMiB"];
    public static readonly string[] Health = ["probe", "breaker"];
    public static readonly string[] Load = ["loadSignal"];
    public static readonly string[] Odd = ["streamUsage", "responses", "messages", "paths"];
    public static readonly string[] External = ["external"];

    public static readonly (string Value, string Text)[] Owners =
        [("", "As its address says"), ("true", "Yes"), ("false", "No, it is ours")];
}
