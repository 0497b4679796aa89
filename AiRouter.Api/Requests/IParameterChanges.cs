namespace AiRouter.Api.Requests;

/// <summary>A body whose parameters a configuration changes (R11), whatever its form.</summary>
internal interface IParameterChanges
{
    /// <summary>Whether the body has the parameter now, <c>null</c> not counted.</summary>
    bool Has(string name);

    /// <summary>Gives the parameter this value (as JSON); adds it when it is not there.</summary>
    void Set(string name, ReadOnlyMemory<byte> value);

    /// <summary>Leaves the parameter out.</summary>
    void Remove(string name);

    /// <summary>Calls a parameter by another name; when the body has that one too, the client's own choice stands.</summary>
    void Rename(string from, string to);
}
