using System.Text;
using AiRouter.Triton.Contract;
using AiRouter.Triton.Protocol;

namespace AiRouter.Triton.Models;

/// <summary>An input or output that a model declares.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Type">The declared element type.</param>
/// <param name="Dims">The declared dimensions, without the batch; -1 is any.</param>
/// <param name="IsOptional">Inputs: whether a request may leave it out.</param>
public sealed record TensorSpec(string Name, DataType Type, IReadOnlyList<long> Dims, bool IsOptional)
{
    /// <summary>The element type as the protocol writes it, such as <c>BYTES</c>.</summary>
    public string Datatype => Encoding.UTF8.GetString(TensorTypes.WireName(Type));

    internal byte[] NameUtf8 { get; } = Encoding.UTF8.GetBytes(Name);
}
