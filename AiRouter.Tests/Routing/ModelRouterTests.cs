using AiRouter.Api.Routing;

namespace AiRouter.Tests.Routing;

public sealed class ModelRouterTests
{
    // A pattern lets clients choose names: they must not write lines of the log, or headers, with them.
    [Theory]
    [InlineData("meta-llama/Llama 3", "meta-llama/Llama 3")]
    [InlineData("gpt\r\n2026-01-01 forged", "gpt%0D%0A2026-01-01%20forged")]
    [InlineData("\u001b[2J", "%1B%5B2J")]
    [InlineData("größe", "gr%C3%B6%C3%9Fe")]
    public void Name_is_visible_in_logs_and_headers_whatever_is_in_it(string name, string visible) =>
        Assert.Equal(visible, ModelRouter.Visible(name));
}
