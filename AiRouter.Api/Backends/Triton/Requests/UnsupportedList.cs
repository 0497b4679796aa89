using AiRouter.Api.Errors;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Requests;

/// <summary>
/// What becomes of parameters that the backend cannot do (R11): the first is a 400 that names it, or all are left out and
/// named to the client.
/// </summary>
internal sealed class UnsupportedList(UnsupportedParameters policy, string publicName)
{
    /// <summary>Names what was left out.</summary>
    public const string Header = "x-airouter-dropped";

    private readonly List<string> _dropped = [];

    /// <summary>Whether anything was left out.</summary>
    public bool IsAny => _dropped.Count > 0;

    /// <summary>One more; the error when it must not be left out.</summary>
    /// <param name="name">What clients call it.</param>
    /// <param name="why">What the client or the operator can do something about; null: the model cannot do it.</param>
    public ApiError? Add(string name, string? why = null)
    {
        if (policy != UnsupportedParameters.Drop)
        {
            return Refuse(name, why);
        }

        if (!_dropped.Contains(name))
        {
            _dropped.Add(name);
        }

        return null;
    }

    /// <summary>
    /// The error of what is never left out, whatever the policy: without the form that was asked for, or without the picture
    /// that it is about, an answer is to another question.
    /// </summary>
    /// <param name="name">What clients call it.</param>
    /// <param name="why">As of <see cref="Add"/>.</param>
    public ApiError Refuse(string name, string? why = null)
    {
        var reason = why is null ? "" : $": {why}";
        return new ApiError(
            ErrorCause.UnsupportedParameter,
            $"Unsupported parameter: '{name}' is not supported with the model '{publicName}'{reason}.", name);
    }

    /// <summary>Tells the client; call it before the response begins.</summary>
    public void WriteTo(HttpResponse response)
    {
        if (_dropped.Count > 0 && !response.HasStarted)
        {
            response.Headers[Header] = string.Join(", ", _dropped.Select(HeaderText));
        }
    }

    /// <summary>Clients choose these names: nothing but letters, digits and common punctuation goes into a header.</summary>
    private static string HeaderText(string name) =>
        name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '[' or ']') ? name : Uri.EscapeDataString(name);
}
