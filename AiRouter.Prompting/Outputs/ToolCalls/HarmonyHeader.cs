namespace AiRouter.Prompting.Outputs.ToolCalls;

/// <summary>The channels of gpt-oss.</summary>
internal enum HarmonyChannel
{
    /// <summary>What the model thinks.</summary>
    Analysis,

    /// <summary>Calls, and what the model tells before them.</summary>
    Commentary,

    /// <summary>The answer.</summary>
    Final,
}

/// <summary>What stands before a message of gpt-oss.</summary>
internal static class HarmonyHeader
{
    /// <summary>The channels' names, in the order of <see cref="HarmonyChannel"/>.</summary>
    public static byte[][] Channels { get; } =
        ["analysis"u8.ToArray(), "commentary"u8.ToArray(), "final"u8.ToArray()];

    /// <summary>Reads a header, up to and with <c>&lt;|message|&gt;</c>.</summary>
    /// <param name="header">Its text.</param>
    /// <param name="channel">Where the message goes.</param>
    /// <param name="recipient">Where in the header the function's name stands, when it is a call.</param>
    /// <returns>False: this is no header.</returns>
    public static bool TryRead(ReadOnlySpan<byte> header, out HarmonyChannel channel, out Range? recipient)
    {
        channel = HarmonyChannel.Final;
        recipient = null;
        var to = header.IndexOf("to="u8);
        if (to >= 0)
        {
            var length = header[(to + 3)..].IndexOfAny((byte)' ', (byte)'<');
            recipient = (to + 3)..(to + 3 + length);
        }

        var at = header.IndexOf("<|channel|>"u8);
        if (at < 0)
        {
            return to >= 0 || header.StartsWith("<|start|>assistant<|message|>"u8);
        }

        var name = header[(at + "<|channel|>"u8.Length)..];
        for (var i = 0; i < Channels.Length; i++)
        {
            if (name.StartsWith(Channels[i]))
            {
                channel = (HarmonyChannel)i;
                return true;
            }
        }

        return false;
    }

    /// <summary>The function that a recipient names.</summary>
    public static ReadOnlySpan<byte> FunctionOf(ReadOnlySpan<byte> recipient) =>
        recipient.StartsWith("functions."u8) ? recipient["functions.".Length..] : recipient;
}
