using AiRouter.Api.Backends.Triton.Generations;
using AiRouter.Triton;

namespace AiRouter.Tests.Backends.Triton;

public sealed class LogProbTrackTests
{
    [Fact]
    public void R16_token_is_told_when_the_text_that_it_begins_in_is_seen()
    {
        var track = new LogProbTrack();
        track.Add(Tokens("ab", "cd", "ef"));

        Assert.Equal(["ab"], Texts(track.Take(2)));
        Assert.Equal(2, track.TextOffset);
        Assert.Empty(track.Take(2));

        // The stop text begins inside "cd": "ef" is never told.
        Assert.Equal(["cd"], Texts(track.Take(3)));
        Assert.Empty(track.Take(4));
    }

    [Fact]
    public void All_tokens_are_told_when_the_text_ends_by_itself()
    {
        var track = new LogProbTrack();
        track.Add(Tokens("a", "", "b"));
        track.Add(null);

        Assert.Equal(["a", "", "b"], Texts(track.TakeRest()));
    }

    [Fact]
    public void Parts_of_a_character_count_as_one_byte_each()
    {
        var track = new LogProbTrack();
        track.Add(Tokens("\uFFFD", "\uFFFD", "\uFFFD", "\uFFFD", "x"));

        Assert.Equal(4, track.Take(4).Count);
        Assert.Equal(["x"], Texts(track.Take(5)));
    }

    private static IEnumerable<string> Texts(IEnumerable<TokenLogProb> tokens) => tokens.Select(t => t.Token);

    private static TokenLogProb[] Tokens(params string[] texts) => [.. texts.Select(t => new TokenLogProb(t, -1, []))];
}
