using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using AiRouter.AppHost.Topology;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary><c>dotnet publish /t:PublishContainer</c> makes the image that the Dockerfile makes.</summary>
public sealed class ContainerPublishingTests
{
    [Fact]
    public async Task Image_of_the_SDK_has_program_prompt_formats_and_settings()
    {
        await using var registry = await BaseImageRegistry.StartAsync();
        var folder = Directory.CreateTempSubdirectory("airouter-image-");
        try
        {
            var archive = Path.Combine(folder.FullName, "api.tar.gz");
            await Publishing.BuiltAsync(
                "AiRouter.Api", "/t:PublishContainer", $"-p:ContainerBaseImage={registry.Image}", $"-p:ContainerArchiveOutputPath={archive}");
            var content = Unpack(Directory.EnumerateFiles(folder.FullName, "*", SearchOption.AllDirectories).Single());

            var manifest = JsonNode.Parse(content["manifest.json"])![0]!;
            var config = JsonNode.Parse(content[(string)manifest["Config"]!])!["config"]!;
            var expected = OurImage.Api;
            Assert.Equal([$"{expected.Name}:{OurImage.Tag}"], manifest["RepoTags"].Texts());
            Assert.Equal($"{Wiring.Images.User}:{Wiring.Images.User}", (string)config["User"]!);
            Assert.Equal(
                expected.Ports.Select(static port => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp")),
                ((JsonObject)config["ExposedPorts"]!).Select(static port => port.Key));
            Assert.Subset(
                config["Env"].Texts().ToHashSet(), expected.Environment.Select(static v => $"{v.Key}={v.Value}").ToHashSet());
            Assert.Contains("AiRouter.Api", string.Join(' ', config["Entrypoint"].Texts()), StringComparison.Ordinal);

            var files = manifest["Layers"].Texts().SelectMany(layer => Unpack(content[layer]).Keys).ToList();
            Assert.Contains("app/AiRouter.Api", files);
            Assert.Contains("app/AiRouter.Api.dll", files);
            Assert.Contains("app/prompt-formats/llama3.jinja", files);
            Assert.Contains("app/prompt-formats/manifest.json", files);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Dictionary<string, byte[]> Unpack(string file) => Unpack(File.ReadAllBytes(file));

    // Packed or not.
    private static Dictionary<string, byte[]> Unpack(byte[] content)
    {
        using var memory = new MemoryStream(content);
        using Stream stream = content is [0x1f, 0x8b, ..] ? new GZipStream(memory, CompressionMode.Decompress) : memory;
        using var tar = new TarReader(stream);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        while (tar.GetNextEntry(copyData: true) is { } entry)
        {
            if (entry.DataStream is { } data)
            {
                using var copy = new MemoryStream();
                data.CopyTo(copy);
                files[entry.Name.TrimStart('.', '/')] = copy.ToArray();
            }
        }

        return files;
    }
}
