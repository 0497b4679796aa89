using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

public sealed class BodyRedactionTests
{
    [Theory]
    [InlineData("my key is sk-air-Zm9vYmFyYmF6, keep it", "my key is [redacted], keep it")]
    [InlineData("cut: sk-air-Zm", "cut: [redacted]")]
    [InlineData("sk-proj-abcdefghijklmnop0123", "[redacted]")]
    [InlineData("Authorization: Bearer abcdefgh.12345", "Authorization: Bearer [redacted]")]
    [InlineData("""{"authorization":"x y z","a":1}""", """{"authorization":"[redacted]","a":1}""")]
    [InlineData("""{"X-Api-Key" : "a\"b","a":1}""", """{"X-Api-Key" : "[redacted]","a":1}""")]
    [InlineData("""{"client_secret":"abc""", """{"client_secret":"[redacted]""")]
    [InlineData("""{"arguments":"{\"password\":\"p\\\"q\",\"n\":1}"}""", """{"arguments":"{\"password\":\"[redacted]\",\"n\":1}"}""")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ", "[redacted]")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "[redacted]")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl", "[redacted]")]
    [InlineData("""{"url":"data:image/png;base64,iVBORw0KGgo="}""", """{"url":"data:image/png;base64,…"}""")]
    [InlineData("""{"url":"data:image\/svg+xml,%3Csvg%3E"}""", """{"url":"data:image\/svg+xml,…"}""")]
    public void Credentials_and_data_urls_are_taken_out(string text, string expected) =>
        Assert.Equal(expected, BodyRedaction.Apply(text));

    [Theory]
    [InlineData("""data: {"choices":[{"delta":{"content":"Hello, you"}}]}""")]
    [InlineData("""{"logprobs":{"content":[{"token":"Hello","logprob":-0.1}]},"max_tokens":5}""")]
    [InlineData("the task-force met; ask-me-anything-about-everything")]
    [InlineData("""{"metadata":{"passwords":"three"}}""")]
    public void Everything_else_stays(string text) => Assert.Equal(text, BodyRedaction.Apply(text));

    [Theory]
    [InlineData('\\')]
    [InlineData('"')]
    [InlineData('_')]
    [InlineData('a')]
    [InlineData('-')]
    public void Long_odd_text_takes_no_time(char character)
    {
        var text = "\"api_key\":\"" + new string(character, 1024 * 1024);
        var started = TimeProvider.System.GetTimestamp();

        BodyRedaction.Apply(text);

        // A look at every pair of characters would take hours.
        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 0, 60);
    }
}
