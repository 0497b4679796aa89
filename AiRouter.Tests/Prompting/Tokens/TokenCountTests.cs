using System.Text;
using Microsoft.ML.Tokenizers;

namespace AiRouter.Tests.Prompting.Tokens;

/// <summary>Counts are those of the makers' own libraries, for every kind of tokenizer and for texts of many scripts.</summary>
public sealed class TokenCountTests
{
    [Theory]
    [InlineData("llama3-like.json")]
    [InlineData("qwen-like.json")]
    [InlineData("gpt2-like.json")]
    [InlineData("deepseek-like.json")]
    [InlineData("llama-like.model")]
    [InlineData("gemma-like.model")]
    [InlineData("cl100k_base")]
    [InlineData("o200k_base")]
    public void Count_is_the_reference_count(string tokenizer)
    {
        var counter = TokenizerFiles.Load(tokenizer);

        var counts = TokenizerFiles.Texts.Select(text => counter.Count(Encoding.UTF8.GetBytes(text), addSpecialTokens: false));

        Assert.Equal(TokenizerFiles.Counts[tokenizer], counts);
    }

    [Theory]
    [InlineData("llama3-like.json", 1)]
    [InlineData("qwen-like.json", 0)]
    [InlineData("llama-like.model", 1)]
    [InlineData("cl100k_base", 0)]
    public void Count_with_special_tokens_has_one_BOS_where_there_is_one(string tokenizer, int added)
    {
        var counter = TokenizerFiles.Load(tokenizer);

        Assert.Equal(counter.Count("Hello"u8, addSpecialTokens: false) + added, counter.Count("Hello"u8, addSpecialTokens: true));
        Assert.Equal(added, counter.Count(""u8, addSpecialTokens: true));
    }

    [Fact]
    public void Special_tokens_in_a_text_are_one_token_each()
    {
        Assert.Equal(20, TokenizerFiles.Load("qwen-like.json").Count(Repeat("<|im_start|>", 20), addSpecialTokens: false));
        Assert.Equal(20, TokenizerFiles.Load("o200k_harmony").Count(Repeat("<|channel|>", 20), addSpecialTokens: false));
        Assert.Equal(20, TokenizerFiles.Load("llama-like.model").Count(Repeat("</s>", 20), addSpecialTokens: false));
    }

    [Fact]
    public void Harmony_has_the_special_tokens_of_the_library()
    {
        var counter = TokenizerFiles.Load("o200k_harmony");

        foreach (var token in TiktokenTokenizer.CreateForEncoding("o200k_harmony").SpecialTokens!.Keys)
        {
            Assert.Equal(1, counter.Count(Encoding.UTF8.GetBytes(token), addSpecialTokens: false));
        }
    }

    [Fact]
    public void One_tokenizer_counts_many_texts_at_once()
    {
        var counter = TokenizerFiles.Load("qwen-like.json");
        var expected = TokenizerFiles.Counts["qwen-like.json"];

        Parallel.For(0, 8 * expected.Length, i =>
        {
            var text = Encoding.UTF8.GetBytes(TokenizerFiles.Texts[i % expected.Length]);
            Assert.Equal(expected[i % expected.Length], counter.Count(text, addSpecialTokens: false));
        });
    }

    [Fact]
    public void A_long_text_without_a_space_counts_as_its_parts_would()
    {
        var counter = TokenizerFiles.Load("cl100k_base");

        // Eight letters a are a token of this vocabulary. A merge that takes the square of the length would take minutes.
        Assert.Equal(250_000, counter.Count(Repeat("a", 2_000_000), addSpecialTokens: false));
    }

    private static byte[] Repeat(string text, int count) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(text, count)));
}
