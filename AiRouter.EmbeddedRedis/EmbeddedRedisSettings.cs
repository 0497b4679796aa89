using System.Collections;
using System.Globalization;

namespace AiRouter.EmbeddedRedis;

/// <summary>What the environment says about the store of one machine.</summary>
/// <param name="Port">Where it listens, on loopback; never elsewhere.</param>
/// <param name="Password">What clients must know.</param>
/// <param name="Folder">Where its files are, for it alone.</param>
/// <param name="MemoryMiB">The most memory for what is stored; the process ends before it would hold more.</param>
internal sealed record EmbeddedRedisSettings(int Port, string Password, string Folder, int MemoryMiB)
{
    private const int DefaultPort = 3002;
    private const int DefaultMemoryMiB = 1024;

    /// <summary>The settings, or one sentence about the first thing wrong.</summary>
    public static (EmbeddedRedisSettings? Settings, string? Problem) From(IDictionary environment)
    {
        var password = environment["AIROUTER_REDIS_PASSWORD"] as string;
        var data = environment["AIROUTER_DATA"] as string;
        if (string.IsNullOrEmpty(password))
        {
            return (null, "AIROUTER_REDIS_PASSWORD is not set: clients need a password, on loopback too");
        }

        // It stands in connection strings, whose parts are parted by commas.
        if (password.Contains(',', StringComparison.Ordinal) || password.Any(char.IsWhiteSpace))
        {
            return (null, "AIROUTER_REDIS_PASSWORD must have neither commas nor white space");
        }

        if (string.IsNullOrEmpty(data))
        {
            return (null, "AIROUTER_DATA is not set: it names the folder where state is kept");
        }

        if (Number(environment, "AIROUTER_REDIS_PORT", DefaultPort, 1, 65535) is not { } port)
        {
            return (null, "AIROUTER_REDIS_PORT must be a port (1 to 65535)");
        }

        if (Number(environment, "AIROUTER_REDIS_MEMORY_MIB", DefaultMemoryMiB, 256, 65536) is not { } memory)
        {
            return (null, "AIROUTER_REDIS_MEMORY_MIB must be a number from 256 to 65536");
        }

        return (new EmbeddedRedisSettings(port, password, Path.Combine(Path.GetFullPath(data), "store"), memory), null);
    }

    private static int? Number(IDictionary environment, string name, int otherwise, int least, int most) =>
        environment[name] is not string { Length: > 0 } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : null;
}
