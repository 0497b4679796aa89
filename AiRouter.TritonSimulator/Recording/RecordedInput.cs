namespace AiRouter.TritonSimulator.Recording;

/// <summary>One input tensor as it came over the wire.</summary>
/// <param name="Name">The tensor's name.</param>
/// <param name="Datatype">The protocol's type name, for example BYTES or INT32.</param>
/// <param name="Shape">The shape, batch dimension included.</param>
/// <param name="Raw">The content in the layout of raw_input_contents.</param>
/// <param name="Values">
/// The elements: <see cref="string"/> for BYTES (UTF-8), <see cref="bool"/>, <see cref="long"/>, <see cref="ulong"/>,
/// <see cref="float"/> or <see cref="double"/>. Empty when the content does not fit the type.
/// </param>
public sealed record RecordedInput(
    string Name,
    string Datatype,
    IReadOnlyList<long> Shape,
    ReadOnlyMemory<byte> Raw,
    IReadOnlyList<object> Values);
