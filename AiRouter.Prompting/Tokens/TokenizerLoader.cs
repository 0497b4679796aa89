using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens.HuggingFace;
using AiRouter.Prompting.Tokens.SentencePiece;
using AiRouter.Prompting.Tokens.Tiktoken;

namespace AiRouter.Prompting.Tokens;

/// <summary>
/// Loads what a model's <c>tokenizer</c> names. A file is loaded once for all models and configurations that name it, as long
/// as one of them lives: a reload costs a hash.
/// </summary>
public static class TokenizerLoader
{
    private const string Json = ".json";
    private const string SentencePiece = ".model";

    // By the name it was given and the content of its file.
    private static readonly ConcurrentDictionary<(string Name, string Hash), WeakReference<ITokenCounter>> Loaded = new();

    /// <summary>Every name that is no file: encodings of tiktoken.</summary>
    public static IReadOnlyCollection<string> EncodingNames { get; } = [.. TiktokenEncoding.All.Select(encoding => encoding.Name)];

    /// <summary>The tokenizer, or null and what is wrong in <paramref name="load"/>.</summary>
    /// <param name="tokenizer">The name of an encoding, or a file.</param>
    /// <param name="load">Reads files and takes problems.</param>
    public static ITokenCounter? Load(string tokenizer, AssetLoad load)
    {
        if (TiktokenEncoding.All.FirstOrDefault(encoding => encoding.Name == tokenizer) is { } known)
        {
            return known.Counter;
        }

        if (TiktokenEncoding.Absent.Contains(tokenizer))
        {
            load.Fail($"the encoding \"{tokenizer}\" is not supported: its vocabulary is not part of AiRouter; " +
                $"supported encodings: {string.Join(", ", EncodingNames)}");
            return null;
        }

        if (!tokenizer.EndsWith(Json, StringComparison.Ordinal) && !tokenizer.EndsWith(SentencePiece, StringComparison.Ordinal))
        {
            load.Fail($"there is no tokenizer \"{tokenizer}\": it is a tokenizer.json, a SentencePiece tokenizer.model, " +
                $"or one of {string.Join(", ", EncodingNames)}");
            return null;
        }

        return load.Read(tokenizer) is { } file ? Load(tokenizer, file, load) : null;
    }

    private static ITokenCounter? Load(string tokenizer, AssetFile file, AssetLoad load)
    {
        var key = (tokenizer, Convert.ToHexString(SHA256.HashData(file.Content)));
        if (Loaded.TryGetValue(key, out var known) && known.TryGetTarget(out var loaded))
        {
            return loaded;
        }

        try
        {
            loaded = tokenizer.EndsWith(Json, StringComparison.Ordinal)
                ? TokenizerJson.Read(tokenizer, file.Content)
                : SentencePieceFile.Read(tokenizer, file.Content);
        }
        catch (TokenizerFormatException exception)
        {
            load.Fail($"{file.Path}: {exception.Message}");
            return null;
        }

        Forget();
        Loaded[key] = new WeakReference<ITokenCounter>(loaded);
        return loaded;
    }

    /// <summary>Those that nobody uses any more.</summary>
    private static void Forget()
    {
        foreach (var (key, counter) in Loaded)
        {
            if (!counter.TryGetTarget(out _))
            {
                Loaded.TryRemove(key, out _);
            }
        }
    }
}
