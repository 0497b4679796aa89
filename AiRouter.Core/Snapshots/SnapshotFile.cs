using System.Text.Json;
using AiRouter.Core.Keys;
using AiRouter.Core.Stores;

namespace AiRouter.Core.Snapshots;

/// <summary>What the file holds.</summary>
/// <param name="Configuration">The last document of the store that was served; null: none yet.</param>
/// <param name="ConfigurationConfirmed">When the store last said that it is the current one.</param>
/// <param name="Keys">The last keys of the store; null: none yet.</param>
/// <param name="KeysConfirmed">When the store last said that they are the current ones.</param>
internal sealed record SnapshotContent(
    StoredConfiguration? Configuration, DateTimeOffset ConfigurationConfirmed, KeySnapshot? Keys, DateTimeOffset KeysConfirmed)
{
    public static SnapshotContent Empty { get; } = new(null, default, null, default);
}

/// <summary>
/// Reads and writes <c>snapshot.json</c>. It is written beside and moved over (who reads it never sees half of it), forced to the
/// disk before, and nobody else's business: 0600 in a folder of 0700.
/// </summary>
internal static class SnapshotFile
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The content; null when there is no such file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="JsonException">It is no snapshot.</exception>
    public static SnapshotContent? Read(string path)
    {
        byte[] json;
        try
        {
            json = File.ReadAllBytes(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var configuration = root.TryGetProperty("configuration", out var c) ? ReadConfiguration(c) : null;
        var keys = root.TryGetProperty("keys", out var k) ? KeySnapshot.FromJson(Bytes(k.GetProperty("snapshot"))) : null;
        return new SnapshotContent(
            configuration, configuration is null ? default : c.GetProperty("confirmed").GetDateTimeOffset(),
            keys, keys is null ? default : k.GetProperty("confirmed").GetDateTimeOffset());
    }

    /// <summary>Puts the content in the place of what is there.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written.</exception>
    public static void Write(string path, SnapshotContent content)
    {
        CreateFolder(Path.GetDirectoryName(path)!);
        var beside = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = Private;
        }

        using (var file = new FileStream(beside, options))
        {
            using (var json = new Utf8JsonWriter(file))
            {
                Write(json, content);
            }

            file.Flush(flushToDisk: true);
        }

        File.Move(beside, path, overwrite: true);
    }

    private static StoredConfiguration ReadConfiguration(JsonElement json) => new(
        json.GetProperty("version").GetInt64(),
        json.GetProperty("document").GetRawText(),
        json.GetProperty("at").GetDateTimeOffset(),
        json.GetProperty("by").GetString()!);

    private static void Write(Utf8JsonWriter json, SnapshotContent content)
    {
        json.WriteStartObject();
        if (content.Configuration is { } configuration)
        {
            json.WriteStartObject("configuration"u8);
            json.WriteNumber("version"u8, configuration.Version);
            json.WriteString("at"u8, configuration.At);
            json.WriteString("by"u8, configuration.By);
            json.WriteString("confirmed"u8, content.ConfigurationConfirmed);
            json.WritePropertyName("document"u8);
            json.WriteRawValue(configuration.Json);
            json.WriteEndObject();
        }

        if (content.Keys is { } keys)
        {
            json.WriteStartObject("keys"u8);
            json.WriteString("confirmed"u8, content.KeysConfirmed);
            json.WritePropertyName("snapshot"u8);
            json.WriteRawValue(keys.ToJson());
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static byte[] Bytes(JsonElement json) => System.Text.Encoding.UTF8.GetBytes(json.GetRawText());

    private static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Private | UnixFileMode.UserExecute);
        }
    }
}
