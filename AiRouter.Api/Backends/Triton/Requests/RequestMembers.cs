using System.Text.Json;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// The top-level members of a request that is translated, after the configuration's changes to them (R11). Twice the same
/// name, at any depth, is refused (R43): what we act on must not depend on who reads it.
/// </summary>
internal sealed class RequestMembers : IDisposable
{
    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    private readonly JsonDocument _document;

    private RequestMembers(JsonDocument document)
    {
        _document = document;
        ByName = document.RootElement.EnumerateObject().ToDictionary(p => p.Name, p => p.Value, StringComparer.Ordinal);
    }

    /// <summary>The members; whoever reads one takes it out.</summary>
    public Dictionary<string, JsonElement> ByName { get; }

    /// <summary>Reads the body, which is a well-formed object, and applies the model's changes and then the target's.</summary>
    public static RequestMembers? Read(Translation translation, out ApiError? error)
    {
        error = null;
        try
        {
            var body = (JsonBody)translation.Exchange.Body!;
            var members = new RequestMembers(JsonDocument.Parse(body.Json, Options));
            members.Apply(translation.Model.Parameters);
            members.Apply(translation.Target.Parameters);
            return members;
        }
        catch (JsonException)
        {
            error = new ApiError(
                ErrorCause.InvalidRequest,
                "We could not parse the JSON body of your request: an object in it has the same member twice.");
            return null;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _document.Dispose();

    /// <summary>Applies one set of changes: rename, drop, defaults, force.</summary>
    private void Apply(ParametersConfig changes)
    {
        foreach (var (from, to) in changes.Rename)
        {
            if (ByName.Remove(from, out var value) && !IsPresent(to))
            {
                ByName[to] = value;
            }
        }

        foreach (var name in changes.Drop)
        {
            ByName.Remove(name);
        }

        foreach (var (name, value) in changes.Defaults)
        {
            if (!IsPresent(name))
            {
                ByName[name] = JsonBytes.ElementOf(value);
            }
        }

        foreach (var (name, value) in changes.Force)
        {
            ByName[name] = JsonBytes.ElementOf(value);
        }
    }

    private bool IsPresent(string name) =>
        ByName.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;
}
