using System.Text;

namespace AiRouter.Api.Commands.Import.Reading;

/// <summary>A file that was read, or what is wrong with it.</summary>
/// <param name="Root">What it holds.</param>
/// <param name="Problem">Why there is no root: a place and a sentence, never a piece of the file, which may be a secret.</param>
internal sealed record SourceFile(SourceValue? Root, string? Problem)
{
    /// <summary>The most values of a file, those that YAML's aliases make included.</summary>
    public const int MostValues = 1_000_000;

    /// <summary>How deep values may lie.</summary>
    public const int MostDepth = 64;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a text.</summary>
    public static SourceFile Parse(string text, SourceSyntax syntax) => syntax switch
    {
        SourceSyntax.Json => JsonSource.Read(text),
        SourceSyntax.Toml => TomlSource.Read(text),
        _ => YamlSource.Read(text),
    };

    /// <summary>The text of a file; a problem when it is none.</summary>
    public static (string? Text, string? Problem) ReadText(string path)
    {
        try
        {
            return (StrictUtf8.GetString(File.ReadAllBytes(path)).TrimStart('\uFEFF'), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, "this is not UTF-8 text");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            var isMissing = unreadable is FileNotFoundException or DirectoryNotFoundException;
            return (null, isMissing ? "there is no such file" : "it cannot be read");
        }
    }

    /// <summary>One that could not be read.</summary>
    /// <param name="what">What is wrong.</param>
    /// <param name="line">From 1; 0: unknown.</param>
    /// <param name="column">From 1; 0: unknown.</param>
    public static SourceFile Broken(string what, long line = 0, long column = 0) =>
        new(null, (line, column) switch
        {
            ( <= 0, _) => what,
            (_, <= 0) => $"line {line}: {what}",
            _ => $"line {line}, column {column}: {what}",
        });
}
