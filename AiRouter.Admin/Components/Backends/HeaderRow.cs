using AiRouter.Core.Configuration.Secrets;

namespace AiRouter.Admin.Components.Backends;

/// <summary>An extra header while it is edited.</summary>
public sealed class HeaderRow
{
    private string _value = "";

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its value; empty while the stored one is kept.</summary>
    public string Value
    {
        get => _value;
        set => (_value, IsStored) = (value, IsStored && value.Length == 0);
    }

    /// <summary>Whether the value that is stored, which is never shown, is kept.</summary>
    public bool IsStored { get; private set; }

    /// <summary>The row of a header as it is shown.</summary>
    public static HeaderRow Of(string name, string shown) => shown == StoredCredentials.Placeholder
        ? new HeaderRow { Name = name, IsStored = true }
        : new HeaderRow { Name = name, Value = shown };
}

/// <summary>A path with a URL of its own while it is edited.</summary>
public sealed class PathRow
{
    /// <summary>The path, such as <c>/v1/audio/transcriptions</c>.</summary>
    public string Path { get; set; } = "";

    /// <summary>Where it goes.</summary>
    public string Url { get; set; } = "";
}
