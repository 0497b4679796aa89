namespace AiRouter.ServiceDefaults;

/// <summary>What a record logs that can write its message as UTF-8 itself: then no string is made of it for the console.</summary>
public interface ILineText
{
    /// <summary>Writes the message.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>Whether there was room for it.</returns>
    bool TryWrite(Span<byte> text, out int length);
}
