using System.Text.RegularExpressions;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration.Assets;

namespace AiRouter.Tests.Backends.Triton;

/// <summary>A tokenizer whose patterns take too long on a text: no count, no failure, and no second try.</summary>
public sealed class PromptCountTests
{
    private readonly SlowCounter _counter = new();

    [Fact]
    public void Text_that_takes_too_long_has_no_count() => Assert.Null(_counter.TryCount("x"u8, addSpecialTokens: false));

    [Fact]
    public void Prompt_that_takes_too_long_is_tried_once()
    {
        var prompt = new Prompt("x"u8.ToArray()) { Tokenizer = _counter };

        Assert.Null(prompt.CountTokens());
        Assert.Null(prompt.CountTokens());
        Assert.Equal(1, _counter.Calls);
    }

    [Fact]
    public void Backends_count_takes_the_place_of_one_that_takes_too_long()
    {
        var prompt = new Prompt("x"u8.ToArray()) { Tokenizer = _counter, Asked = Task.FromResult<int?>(7) };

        Assert.Equal(7, prompt.CountTokens());
    }

    private sealed class SlowCounter : ITokenCounter
    {
        public int Calls { get; private set; }

        public string Name => "slow";

        public int Count(ReadOnlySpan<byte> utf8, bool addSpecialTokens)
        {
            Calls++;
            throw new RegexMatchTimeoutException("x", "x", TimeSpan.FromSeconds(1));
        }
    }
}
