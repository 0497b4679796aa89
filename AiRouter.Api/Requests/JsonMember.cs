using System.Text.Json;

namespace AiRouter.Api.Requests;

/// <summary>Where one top-level member of a JSON body lies, in bytes.</summary>
/// <param name="NameStart">The name's opening quote.</param>
/// <param name="NameLength">The name with its quotes.</param>
/// <param name="ValueStart">The value's first byte.</param>
/// <param name="ValueLength">The value, to its last byte.</param>
/// <param name="Type">The value's first token.</param>
internal readonly record struct JsonMember(
    int NameStart, int NameLength, int ValueStart, int ValueLength, JsonTokenType Type)
{
    /// <summary>Absent or <c>null</c>: the API treats both alike.</summary>
    public bool IsNull => Type is JsonTokenType.None or JsonTokenType.Null;
}
