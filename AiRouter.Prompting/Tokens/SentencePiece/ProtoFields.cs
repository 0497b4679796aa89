using System.Buffers.Binary;
using System.Text;

namespace AiRouter.Prompting.Tokens.SentencePiece;

/// <summary>Goes through the fields of a protobuf message; those that nobody asks for are passed over.</summary>
internal ref struct ProtoFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The field's number.</summary>
    public int Number { get; private set; }

    /// <summary>A text, bytes or a message.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>A number.</summary>
    public int Value { get; private set; }

    /// <summary>The bytes as text.</summary>
    public readonly string Text => Encoding.UTF8.GetString(Bytes);

    /// <summary>A boolean.</summary>
    public readonly bool Flag => Value != 0;

    /// <summary>The number as the float that it encodes.</summary>
    public readonly float Float => BitConverter.Int32BitsToSingle(Value);

    /// <summary>The next field; false at the end.</summary>
    /// <exception cref="TokenizerFormatException">This is no message.</exception>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        Number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                Value = unchecked((int)Varint());
                break;
            case 1:
                Take(8);
                break;
            case 2:
                var length = Varint();
                Bytes = Take(length <= int.MaxValue ? (int)length : int.MaxValue);
                break;
            case 5:
                Value = BinaryPrimitives.ReadInt32LittleEndian(Take(4));
                break;
            default:
                throw Broken();
        }

        return Number > 0 ? true : throw Broken();
    }

    private static TokenizerFormatException Broken() => new("it is no SentencePiece model");

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw Broken();
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }

    private ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = Take(1)[0];
            value |= shift < 64 ? (ulong)(part & 0x7F) << shift : 0;
            if (part < 0x80)
            {
                return value;
            }
        }

        throw Broken();
    }
}
