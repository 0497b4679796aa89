using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AiRouter.Tests.Deploy.Containers;

/// <summary>A registry with one image, whatever it is asked for: a base image with .NET's settings and next to nothing in it.</summary>
internal sealed class BaseImageRegistry : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly WebApplication _app;
    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;

    private BaseImageRegistry()
    {
        var tar = Layer();
        var packed = Packed(tar);
        var config = JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 ? "arm64" : "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/bin:/bin", "ASPNETCORE_HTTP_PORTS=8080", "APP_UID=1654" }, User = "1654" },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(tar) } },
            history = new[] { new { created_by = "test" } },
        });
        _manifest = JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Descriptor("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray(Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", packed)),
        });

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.Run(AnswerAsync);
    }

    /// <summary>The image, as the SDK takes it.</summary>
    public string Image => $"localhost:{new Uri(_app.Urls.Single()).Port}/dotnet/aspnet:10.0-noble-chiseled";

    /// <summary>Starts it.</summary>
    public static async Task<BaseImageRegistry> StartAsync()
    {
        var registry = new BaseImageRegistry();
        await registry._app.StartAsync(TestContext.Current.CancellationToken);
        return registry;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var (type, content) = path.Contains("/manifests/", StringComparison.Ordinal) ? (ManifestType, _manifest)
            : _blobs.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var blob) ? ("application/octet-stream", blob)
            : ("application/json", "{}"u8.ToArray());
        context.Response.ContentType = type;
        context.Response.ContentLength = content.Length;
        context.Response.Headers["Docker-Content-Digest"] = Digest(content);
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(content, context.RequestAborted);
        }
    }

    private JsonObject Descriptor(string type, byte[] content)
    {
        _blobs[Digest(content)] = content;
        return new JsonObject { ["mediaType"] = type, ["size"] = content.Length, ["digest"] = Digest(content) };
    }

    private static byte[] Layer()
    {
        using var memory = new MemoryStream();
        using (var tar = new TarWriter(memory))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "etc/"));
        }

        return memory.ToArray();
    }

    private static byte[] Packed(byte[] content)
    {
        using var memory = new MemoryStream();
        using (var gzip = new GZipStream(memory, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return memory.ToArray();
    }

    private static string Digest(byte[] content) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(content))}";
}
