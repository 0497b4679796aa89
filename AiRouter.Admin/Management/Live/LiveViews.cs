using System.Text.Json.Serialization;
using AiRouter.Core.Configuration;
using AiRouter.Core.Stores;

namespace AiRouter.Admin.Management.Live;

/// <summary>What is going on now.</summary>
public sealed record LiveView
{
    /// <summary>When it was so.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The version of the stored configuration; 0: there is none.</summary>
    public required long ConfigurationVersion { get; init; }

    /// <summary>The worst of what there is to see to.</summary>
    public LiveHealth Health => Notices.Count == 0 ? LiveHealth.Good : Notices.Max(static n => n.Health);

    /// <summary>What somebody should see to, the worst first; empty: all is well.</summary>
    public required IReadOnlyList<LiveNotice> Notices { get; init; }

    /// <summary>All requests together.</summary>
    public required LiveTraffic Traffic { get; init; }

    /// <summary>Since midnight, UTC.</summary>
    public required LiveToday Today { get; init; }

    /// <summary>Every model of the configuration, by name.</summary>
    public required IReadOnlyList<LiveModel> Models { get; init; }

    /// <summary>Every backend of the configuration, by name.</summary>
    public required IReadOnlyList<LiveBackend> Backends { get; init; }

    /// <summary>Every live process that shares the store: routers first, the oldest first.</summary>
    public required IReadOnlyList<LiveReplica> Replicas { get; init; }
}

/// <summary>How something is, the better the lower.</summary>
public enum LiveHealth
{
    /// <summary>As it should be.</summary>
    Good,

    /// <summary>Nobody knows: no router reports it, or nothing uses it.</summary>
    Unknown,

    /// <summary>It works, and not as it should.</summary>
    Degraded,

    /// <summary>It does not work.</summary>
    Down,
}

/// <summary>Something to see to.</summary>
/// <param name="Health">How bad it is.</param>
/// <param name="Text">What is wrong, and what to do about it.</param>
/// <param name="Subject">What it is about: <c>routers</c>, <c>model</c>, <c>backend</c>, <c>configuration</c>, <c>usage</c>.</param>
/// <param name="Name">Which one; absent: all.</param>
public sealed record LiveNotice(LiveHealth Health, string Text, string Subject, string? Name = null);

/// <summary>Requests of the last minutes. Rates are those of the last minute, everything else is of the last five.</summary>
/// <remarks>A request counts when it ends; routers tell of it within two seconds.</remarks>
public sealed record LiveTraffic
{
    /// <summary>Nothing.</summary>
    public static readonly LiveTraffic None = new();

    /// <summary>Requests in a second.</summary>
    public double RequestsPerSecond { get; init; }

    /// <summary>Input tokens in a second.</summary>
    public double InputTokensPerSecond { get; init; }

    /// <summary>Output tokens in a second.</summary>
    public double OutputTokensPerSecond { get; init; }

    /// <summary>Requests of the last five minutes.</summary>
    public long Requests { get; init; }

    /// <summary>Those that a backend or the router failed.</summary>
    public long BackendErrors { get; init; }

    /// <summary>Those that were refused for what the client sent.</summary>
    public long ClientErrors { get; init; }

    /// <summary>Those that were refused for a limit or a budget.</summary>
    public long Limited { get; init; }

    /// <summary>Those whose client went away.</summary>
    public long Cancelled { get; init; }

    /// <summary>Half of the streams had their first token within this time; absent: there was none.</summary>
    public double? FirstTokenP50Seconds { get; init; }

    /// <summary>95 % of the streams had their first token within this time; absent: there was none.</summary>
    public double? FirstTokenP95Seconds { get; init; }

    /// <summary>Half of the answers were complete within this time; absent: there was none.</summary>
    public double? DurationP50Seconds { get; init; }
}

/// <summary>What was used since midnight, UTC.</summary>
/// <param name="Requests">Requests, whatever came of them.</param>
/// <param name="InputTokens">Input tokens, cached ones included.</param>
/// <param name="OutputTokens">Output tokens.</param>
/// <param name="EstimatedRequests">Requests whose tokens are an estimate.</param>
/// <param name="CostUsd">US dollars.</param>
public sealed record LiveToday(long Requests, long InputTokens, long OutputTokens, long EstimatedRequests, decimal CostUsd)
{
    /// <summary>Nothing.</summary>
    public static readonly LiveToday None = new(0, 0, 0, 0, 0);
}

/// <summary>A model as all routers together see it.</summary>
/// <param name="Name">The public name or pattern.</param>
/// <param name="Health">Down: none of its targets is asked by anybody.</param>
/// <param name="Targets">Each of its targets, in the order of the configuration.</param>
/// <param name="Traffic">Its requests.</param>
public sealed record LiveModel(string Name, LiveHealth Health, IReadOnlyList<LiveTarget> Targets, LiveTraffic Traffic);

/// <summary>A target of a model as all routers together see it.</summary>
public sealed record LiveTarget
{
    /// <summary>The backend.</summary>
    public required string Backend { get; init; }

    /// <summary>The model's name there; absent: what clients ask for.</summary>
    public string? BackendModel { get; init; }

    /// <summary>Down: no router sends requests to it.</summary>
    public required LiveHealth Health { get; init; }

    /// <summary>What the routers that see it worst say; absent: none says anything.</summary>
    public TargetReportState? State { get; init; }

    /// <summary>Routers that know it.</summary>
    public int Routers { get; init; }

    /// <summary>Those of them that send requests to it.</summary>
    public int Asking { get; init; }

    /// <summary>After how many seconds the first router asks it again; 0: at once, or nobody knows.</summary>
    public double UsableIn { get; init; }

    /// <summary>Requests under way at it.</summary>
    public int InFlight { get; init; }

    /// <summary>Seconds to the first token lately, on the average of the routers; absent: nothing was asked lately.</summary>
    public double? FirstTokenSeconds { get; init; }
}

/// <summary>A backend as all routers together see it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it speaks.</param>
/// <param name="Health">Down: no router asks any of its targets.</param>
/// <param name="State">What the routers that see it worst say; absent: none says anything.</param>
/// <param name="Models">The models with a target there.</param>
/// <param name="InFlight">Requests under way at it.</param>
/// <param name="Traffic">Its requests.</param>
public sealed record LiveBackend(
    string Name,
    BackendKind Kind,
    LiveHealth Health,
    TargetReportState? State,
    IReadOnlyList<string> Models,
    int InFlight,
    LiveTraffic Traffic);

/// <summary>A process that shares the store.</summary>
public sealed record LiveReplica
{
    /// <summary>Unique to the run of the process.</summary>
    public required string Id { get; init; }

    /// <summary><c>api</c> or <c>admin</c>.</summary>
    public required string Role { get; init; }

    /// <summary>The machine (in Kubernetes: the pod).</summary>
    public required string Host { get; init; }

    /// <summary>When it started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>Down: it serves nothing. Degraded: it serves another configuration than the newest. Unknown: it may just be taking it over.</summary>
    public required LiveHealth Health { get; init; }

    /// <summary>The stored version that it serves; absent: a file of its own, or none.</summary>
    public long? ConfigurationVersion { get; init; }

    /// <summary>What it refused of the newest version.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Requests under way.</summary>
    public int ActiveRequests { get; init; }

    /// <summary>Usage records that were dropped because the store was away too long.</summary>
    public long DroppedUsage { get; init; }

    /// <summary>Settlements that wait for the store.</summary>
    public int WaitingSettlements { get; init; }

    /// <summary>Whether it answers clients.</summary>
    [JsonIgnore]
    public bool IsRouter => Role == "api";
}
