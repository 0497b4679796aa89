using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Prompting.Tokens;

namespace AiRouter.Tests.Prompting.Tokens;

/// <summary>What cannot be counted exactly is refused by its name; no count is nearly right.</summary>
public sealed class TokenizerProblemTests : IDisposable
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _folder = Directory.CreateTempSubdirectory("airouter-tokenizers-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("model.type", "\"Unigram\"", "model.type \"Unigram\" is not supported; supported: BPE")]
    [InlineData("model.dropout", "0.1", "model.dropout 0.1 is not supported")]
    [InlineData("model.end_of_word_suffix", "\"</w>\"", "model.end_of_word_suffix \"</w>\" is not supported")]
    [InlineData("normalizer", """{"type":"NFKC"}""",
        "normalizer.type \"NFKC\" is not supported; supported: NFC, Prepend, Replace (of a String), Sequence")]
    [InlineData("normalizer", """{"type":"Sequence","normalizers":[{"type":"NFC"},{"type":"Lowercase"}]}""",
        "normalizer.normalizers[1].type \"Lowercase\" is not supported; supported: NFC, Prepend, Replace (of a String), Sequence")]
    [InlineData("pre_tokenizer", """{"type":"BertPreTokenizer"}""",
        "pre_tokenizer.type \"BertPreTokenizer\" is not supported; supported: ByteLevel, Digits, Metaspace, Sequence, Split")]
    [InlineData("pre_tokenizer", """{"type":"Sequence","pretokenizers":[{"type":"ByteLevel"},{"type":"Digits"}]}""",
        "pre_tokenizer.pretokenizers[1].type \"Digits\" behind ByteLevel is not supported")]
    [InlineData("pre_tokenizer.pretokenizers[0].pattern", """{"Regex":"[\\p{L}&&[^a]]"}""",
        "pre_tokenizer.pretokenizers[0].pattern: the pattern has && in a set, which is not supported: [\\p{L}&&[^a]]")]
    [InlineData("pre_tokenizer.pretokenizers[0].pattern", """{"Regex":"\\p{Han}+"}""",
        "pre_tokenizer.pretokenizers[0].pattern: the pattern is not supported: " +
        "Invalid pattern '\\p{Han}+' at offset 7. Unknown property 'Han'.")]
    [InlineData("post_processor", """{"type":"Other"}""", "post_processor.type \"Other\" is not supported; " +
        "supported: BertProcessing, ByteLevel, RobertaProcessing, Sequence, TemplateProcessing")]
    [InlineData("model.merges", """["a b c"]""", "model.merges[0] must be \"left right\" or [\"left\", \"right\"]")]
    [InlineData("model.merges", """[["no", "such"]]""", "model.merges[0] is about tokens that are not in model.vocab")]
    [InlineData("model.vocab", "null", "model.vocab is missing")]
    [InlineData("model.vocab", "{}", "model.vocab is empty")]
    [InlineData("pre_tokenizer", "null", "model.ignore_merges without a ByteLevel pre_tokenizer is not supported")]
    [InlineData("model", "null", "it has no \"model\": name the model's tokenizer.json")]
    public void What_a_tokenizer_json_has_that_is_not_supported_is_named(string path, string value, string problem)
    {
        var json = TokenizerFiles.Json("llama3-like.json");
        var (parent, name) = path.LastIndexOf('.') is > 0 and var dot ? (path[..dot], path[(dot + 1)..]) : ("", path);
        Find(json, parent)[name] = JsonNode.Parse(value);

        Assert.Equal($"{Write("tokenizer.json", json.ToJsonString(Plain))}: {problem}", ProblemOf("tokenizer.json"));
    }

    [Fact]
    public void A_file_that_is_missing_is_named_with_its_path() =>
        Assert.Equal($"there is no file {_folder}/none/tokenizer.json", ProblemOf($"{_folder}/none/tokenizer.json"));

    [Fact]
    public void A_file_that_is_no_JSON_is_named_with_its_path() =>
        Assert.StartsWith($"{Write("tokenizer.json", "{")}: it is no valid JSON: ", ProblemOf("tokenizer.json"));

    [Fact]
    public void A_model_that_is_none_of_SentencePiece_is_named_with_its_path() =>
        Assert.Equal($"{Write("tokenizer.model", "version https")}: it is no SentencePiece model", ProblemOf("tokenizer.model"));

    [Fact]
    public void A_vocabulary_of_tiktoken_is_told_from_a_SentencePiece_model() => Assert.Equal(
        $"{Write("tokenizer.model", "IQ== 0\nIg== 1\n")}: it is a vocabulary of tiktoken, which has no patterns and special tokens; " +
        "name the model's tokenizer.json", ProblemOf("tokenizer.model"));

    [Fact]
    public void A_Unigram_model_of_SentencePiece_is_refused()
    {
        // A piece "a", and a trainer that says UNIGRAM.
        var path = Path.Combine(_folder, "unigram.model");
        File.WriteAllBytes(path, [0x0A, 3, 0x0A, 1, (byte)'a', 0x12, 2, 0x18, 1]);

        Assert.Equal($"{path}: trainer_spec.model_type UNIGRAM is not supported; supported: BPE", ProblemOf("unigram.model"));
    }

    [Fact]
    public void An_encoding_without_vocabulary_is_refused() => Assert.Equal(
        "the encoding \"p50k_base\" is not supported: its vocabulary is not part of AiRouter; " +
        "supported encodings: cl100k_base, o200k_base, o200k_harmony", ProblemOf("p50k_base"));

    [Fact]
    public void A_name_that_is_no_tokenizer_is_refused() => Assert.Equal(
        "there is no tokenizer \"llama\": it is a tokenizer.json, a SentencePiece tokenizer.model, " +
        "or one of cl100k_base, o200k_base, o200k_harmony", ProblemOf("llama"));

    [Fact]
    public void A_file_of_one_content_is_loaded_once()
    {
        Assert.Same(TokenizerFiles.Load("llama3-like.json"), TokenizerFiles.Load("llama3-like.json"));
        Assert.Same(TokenizerFiles.Load("cl100k_base"), TokenizerFiles.Load("cl100k_base"));
    }

    [Fact]
    public void A_file_of_another_content_is_loaded_anew()
    {
        var json = TokenizerFiles.Json("gpt2-like.json");
        Write("tokenizer.json", json.ToJsonString());
        var load = new AssetLoad([_folder]);
        var before = TokenizerLoader.Load("tokenizer.json", load);
        json["added_tokens"] = new JsonArray();
        Write("tokenizer.json", json.ToJsonString());

        Assert.NotSame(before, TokenizerLoader.Load("tokenizer.json", new AssetLoad([_folder])));
        Assert.Equal(1, before!.Count("<|endoftext|>"u8, addSpecialTokens: false));
    }

    [Fact]
    public void A_pattern_that_finds_no_end_on_a_text_leaves_it_without_a_count()
    {
        var json = TokenizerFiles.Json("llama3-like.json");
        json["pre_tokenizer"]!["pretokenizers"]![0]!["pattern"] = JsonNode.Parse("""{"Regex":"(x+x+)+y"}""");
        Write("tokenizer.json", json.ToJsonString(Plain));
        var counter = TokenizerLoader.Load("tokenizer.json", new AssetLoad([_folder]))!;

        Assert.Null(counter.TryCount(Encoding.UTF8.GetBytes(new string('x', 60)), addSpecialTokens: false));
        Assert.NotNull(counter.TryCount("x y"u8, addSpecialTokens: false));
    }

    private static JsonNode Find(JsonNode json, string path)
    {
        foreach (var name in path.Split(['.', '[', ']'], StringSplitOptions.RemoveEmptyEntries))
        {
            json = int.TryParse(name, out var index) ? json[index]! : json[name]!;
        }

        return json;
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(Path.Combine(_folder, name), content);
        return Path.Combine(_folder, name);
    }

    private string? ProblemOf(string tokenizer)
    {
        var load = new AssetLoad([_folder]);
        Assert.Null(TokenizerLoader.Load(tokenizer, load));
        return load.Problem;
    }
}
