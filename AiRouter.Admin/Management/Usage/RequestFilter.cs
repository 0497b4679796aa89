namespace AiRouter.Admin.Management.Usage;

/// <summary>Which requests of the log are meant. What is empty does not matter.</summary>
public sealed record RequestFilter
{
    /// <summary>A part of the request id.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>The key, by name or id; <c>-</c>: none.</summary>
    public string Key { get; init; } = "";

    /// <summary>The model.</summary>
    public string Model { get; init; } = "";

    /// <summary>The backend.</summary>
    public string Backend { get; init; } = "";

    /// <summary>How it ended (<see cref="RequestView.Outcome"/>).</summary>
    public string Outcome { get; init; } = "";

    /// <summary>It took so many seconds at least.</summary>
    public double? Seconds { get; init; }

    /// <summary>Whether everything is let through.</summary>
    public bool IsEmpty => this == new RequestFilter();

    /// <summary>Whether a request is meant.</summary>
    public bool Fits(RequestView request) =>
        request.RequestId.Contains(RequestId.Trim(), StringComparison.OrdinalIgnoreCase) &&
        (Key.Trim() is { } key && (key.Length == 0 || (key == "-" ? request.Key is null : request.Key == key || Same(request.KeyName, key)))) &&
        (Model.Trim().Length == 0 || Same(request.Model, Model.Trim())) &&
        (Backend.Trim().Length == 0 || Same(request.Backend, Backend.Trim())) &&
        (Outcome.Length == 0 || request.Outcome == Outcome) &&
        (Seconds is null || request.DurationSeconds >= Seconds);

    private static bool Same(string? one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Some requests.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Next">What to leave out for the next page; null: there is none.</param>
public sealed record RequestPage(IReadOnlyList<RequestView> Items, int? Next);
