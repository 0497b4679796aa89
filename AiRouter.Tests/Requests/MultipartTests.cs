using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.OpenAi.Connections;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;
using AiRouter.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiRouter.Tests.Requests;

public sealed class MultipartTests
{
    private static readonly SpoolFolder Folder = new(new ConfigurationBuilder().Build(), NullLogger<SpoolFolder>.Instance);

    private static readonly string[] Heads =
    [
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\nContent-Type: audio/wav",
        "Content-Disposition: form-data; name=file; filename=\"C:\\dir\\ü.wav\"; filename*=UTF-8''%C3%BC.wav",
        "content-disposition:form-data;name=\"image[]\";filename=\"a;b=\\\"c\\\".png\"\r\nX: y",
        "Content-Type: text/plain; charset=utf-8\r\nContent-Disposition: form-data; name=prompt",
        "Content-Disposition: form-data; name=\"timestamp_granularities[]\"",
    ];

    private static readonly string[] Contents =
        ["", "x", "\r\n", "--", "\r\n--", "\r\n--bound", "x--bound=ary\r\n", "\r\n--bound=aryX\r\n", "a\r\n\r\nb", "model"];

    [Property(MaxTest = 300)]
    public Property Only_the_value_of_model_changes_wherever_it_stands()
    {
        var part = from head in Gen.Elements(Heads) from content in Gen.Elements(Contents) select head + "\r\n\r\n" + content;
        var form =
            from before in Gen.ListOf(part)
            from after in Gen.ListOf(part)
            from name in Gen.Elements("name=model", "name=\"model\"", "Name = \"model\" ")
            from value in Gen.Elements("m", "a/b:c", "")
            from preamble in Gen.Elements("", "preamble\r\n")
            select (Head: preamble + Parts(before) + $"--bound=ary\r\nContent-Disposition: form-data; {name}\r\n\r\n", value,
                Tail: "\r\n" + Parts(after) + "--bound=ary--\r\n");
        return Prop.ForAll(form.ToArbitrary(), f =>
            RewriteAsync(f.Head + f.value + f.Tail, "new").GetAwaiter().GetResult() == f.Head + "new" + f.Tail);
    }

    [Property(MaxTest = 100)]
    public Property Form_without_model_gets_it_as_its_first_part()
    {
        var part = from head in Gen.Elements(Heads) from content in Gen.Elements(Contents) select head + "\r\n\r\n" + content;
        return Prop.ForAll(Gen.ListOf(part).ToArbitrary(), parts =>
        {
            var body = Parts(parts) + "--bound=ary--\r\n";
            return RewriteAsync(body, "new").GetAwaiter().GetResult() ==
                "--bound=ary\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nnew\r\n" + body;
        });
    }

    [Theory]
    [InlineData("--bound=ary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx")]
    [InlineData("--bound=ary\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n--bound=ary--\r\n")]
    [InlineData("--bound=ary\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\"\r\n\r\nx\r\n--bound=ary--\r\n")]
    [InlineData("--bound=ary\r\nContent-Disposition: form-data; name*=UTF-8''model\r\n\r\nx\r\n--bound=ary--\r\n")]
    [InlineData("--bound=ary\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\nx\r\n--bound=ary--\r\n")]
    [InlineData("--bound=ary\r\nContent-Type: text/plain\r\n\r\nx\r\n--bound=ary--\r\n")]
    [InlineData("no form at all")]
    [InlineData("")]
    public async Task Form_that_could_be_read_in_two_ways_is_refused(string body)
    {
        using var bytes = await SpoolAsync(Encoding.UTF8.GetBytes(body));

        var (_, error) = await new MultipartScanner(bytes, "bound=ary").ScanAsync(TestContext.Current.CancellationToken);

        Assert.Contains("multipart", error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Large_upload_is_spooled_to_a_file_and_comes_out_byte_for_byte()
    {
        var file = new byte[3 * 1024 * 1024 + 17];
        new Random(7).NextBytes(file);
        byte[] head = [.. "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n"u8, .. file, .. "\r\n--b\r\nContent-Disposition: form-data; name=model\r\n\r\n"u8];
        using var bytes = await SpoolAsync([.. head, .. "old\r\n--b--\r\n"u8]);
        Assert.True(bytes.IsInFile);

        var (parts, error) = await new MultipartScanner(bytes, "b").ScanAsync(TestContext.Current.CancellationToken);
        Assert.Null(error);
        Assert.Equal(["file", "model"], parts.Select(p => p.Name));
        Assert.Equal(file.Length, parts[0].ValueLength);
        using var upload = new UploadBody(bytes, "multipart/form-data; boundary=b", parts, "b");
        using var content = new ClientContent(new ForwardedUpload(upload, FormEdits.Model(upload, new FormChanges(upload), "new-name")));

        var sent = await content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(sent.AsSpan().SequenceEqual([.. head, .. "new-name\r\n--b--\r\n"u8]));
        Assert.Equal(sent.Length, content.Headers.ContentLength);
    }

    [Fact]
    public async Task Transcription_with_the_model_behind_the_file_reaches_the_backend_and_text_comes_back()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(
            call => call.BytesAsync("text/plain; charset=utf-8", "1\n00:00 --> 00:01\nHallo\n"u8.ToArray()));
        await using var router = await RunningRouter.StartAsync(upstream);
        var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(new byte[2 * 1024 * 1024]), "file", "a.wav" },
            { new StringContent("public-model"), "model" },
            { new StringContent("srt"), "response_format" },
        };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal("1\n00:00 --> 00:01\nHallo\n", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("text/plain; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Contains("\r\n\r\nbackend-model\r\n", upstream.Request.Text, StringComparison.Ordinal);
        Assert.Equal(form.Headers.ContentType!.ToString(), upstream.Request.Header("Content-Type"));
    }

    [Theory]
    [InlineData("model")]
    [InlineData("stream")]
    public async Task R43_field_that_we_act_on_is_refused_when_it_is_there_twice(string field)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);
        var form = new MultipartFormDataContent
        {
            { new StringContent("public-model"), "model" },
            { new StringContent("true"), field },
            { new StringContent("false"), field },
        };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF })]
    public async Task R43_model_of_a_form_must_be_valid_UTF8(byte[] model)
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream);
        var form = new MultipartFormDataContent { { new ByteArrayContent(model), "model" } };

        using var response = await router.Http.PostAsync("audio/transcriptions", form, TestContext.Current.CancellationToken);

        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains(
            "valid UTF-8", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task R11_parameters_of_a_form_are_renamed_dropped_set_and_forced()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(upstream, model: m => m with
        {
            Parameters = new ParametersConfig
            {
                Rename = new Dictionary<string, string> { ["file"] = "audio", ["lang"] = "language" },
                Drop = ["prompt"],
                Defaults = new Dictionary<string, JsonNode?> { ["temperature"] = 0.5, ["language"] = "de" },
                Force = new Dictionary<string, JsonNode?> { ["response_format"] = "text" },
            },
        });
        const string Head = "--b\r\nContent-Disposition: form-data; ";
        var body =
            Head + "name=\"file\"; filename=\"name=file.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n" +
            Head + "name=\"prompt\"\r\n\r\nfirst\r\n" +
            Head + "name=\"model\"\r\n\r\npublic-model\r\n" +
            Head + "name=prompt\r\n\r\nsecond\r\n" +
            Head + "name=lang\r\n\r\nen\r\n" +
            Head + "name=\"response_format\"\r\n\r\njson\r\n--b--\r\n";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using var response = await router.Http.PostAsync("audio/transcriptions", content, TestContext.Current.CancellationToken);

        Assert.Equal(
            Head + "name=\"temperature\"\r\n\r\n0.5\r\n" +
            Head + "name=\"response_format\"\r\n\r\ntext\r\n" +
            Head + "name=\"audio\"; filename=\"name=file.wav\"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n" +
            Head + "name=\"model\"\r\n\r\nbackend-model\r\n" +
            Head + "name=\"language\"\r\n\r\nen\r\n--b--\r\n",
            upstream.Request.Text);
    }

    [Fact]
    public async Task R11_first_field_of_a_form_without_model_can_be_dropped()
    {
        await using var upstream = await ScriptedUpstream.StartAsync("{}");
        await using var router = await RunningRouter.StartAsync(
            upstream,
            model: m => m with { Parameters = new ParametersConfig { Drop = ["a"] } },
            config: c => c with { Defaults = new DefaultsConfig { Transcriptions = "public-model" } });
        const string Head = "--b\r\nContent-Disposition: form-data; ";
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(
            Head + "name=\"a\"\r\n\r\n1\r\n" + Head + "name=\"b\"\r\n\r\n2\r\n--b--"));
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=b");

        using var response = await router.Http.PostAsync("audio/transcriptions", content, TestContext.Current.CancellationToken);

        Assert.Equal(
            Head + "name=\"model\"\r\n\r\nbackend-model\r\n" + Head + "name=\"b\"\r\n\r\n2\r\n--b--", upstream.Request.Text);
    }

    private static string Parts(IEnumerable<string> parts) => string.Concat(parts.Select(p => "--bound=ary\r\n" + p + "\r\n"));

    private static async Task<string?> RewriteAsync(string body, string model)
    {
        using var bytes = await SpoolAsync(Encoding.UTF8.GetBytes(body));
        var (parts, error) = await new MultipartScanner(bytes, "bound=ary").ScanAsync(CancellationToken.None);
        if (error is not null)
        {
            return error.Message;
        }

        using var upload = new UploadBody(bytes, "multipart/form-data; boundary=\"bound=ary\"", parts, "bound=ary");
        using var content = new ClientContent(new ForwardedUpload(upload, FormEdits.Model(upload, new FormChanges(upload), model)));
        return await content.ReadAsStringAsync();
    }

    private static async Task<SpooledBytes> SpoolAsync(byte[] body)
    {
        var bytes = new SpooledBytes(new BodyBudget(), Folder);
        Assert.Null(await bytes.ReadAsync(PipeReader.Create(new MemoryStream(body)), null, long.MaxValue, long.MaxValue, CancellationToken.None));
        return bytes;
    }
}
