using AiRouter.Core.Keys;

namespace AiRouter.Api.Commands;

/// <summary><c>hash-key</c>: makes a client key, or hashes one that exists.</summary>
internal static class HashKeyCommand
{
    // A hash can be searched for what a person would think of; a key from a generator has this many characters at least.
    internal const int ShortestGoodKey = 32;

    public static readonly Command Command = new(
        "hash-key", "makes a client key and its hash; with - hashes the key on standard input", [], "-|KEY", RunAsync);

    private static async Task<int> RunAsync(CommandContext context)
    {
        if (context.Operand is null)
        {
            var made = ClientKeySecret.Create();
            await context.Output.WriteLineAsync($"key:  {made}");
            await context.Output.WriteLineAsync($"hash: {ClientKeySecret.HashOf(made)}");
            return 0;
        }

        var secret = context.Operand;
        if (secret == "-")
        {
            secret = (await context.Input.ReadLineAsync())?.Trim() ?? "";
        }
        else
        {
            await context.Error.WriteLineAsync(
                "airouter: the key is in your shell's history now; \"hash-key -\" reads it from standard input");
        }

        if (secret.Length == 0)
        {
            await context.Error.WriteLineAsync("airouter: there is no key to hash");
            return 1;
        }

        if (secret.Length < ShortestGoodKey)
        {
            await context.Error.WriteLineAsync("airouter: this key is short: whoever sees the hash might guess it");
        }

        await context.Output.WriteLineAsync($"hash: {ClientKeySecret.HashOf(secret)}");
        return 0;
    }
}
