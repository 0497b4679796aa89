using AiRouter.Core.Configuration;

namespace AiRouter.Tests.Configuration;

/// <summary>What a backend is asked for, by the name that a client asked for.</summary>
public sealed class TargetNameTests
{
    [Theory]
    [InlineData("claude/*", "model: '*'", "claude/claude-x", "claude-x")]
    [InlineData("claude/*", "model: '*'", "claude/a/b", "a/b")]
    [InlineData("*", "model: 'team/*'", "m", "team/m")]
    [InlineData("my-*-v2", "model: 'gpt-*'", "my-4o-v2", "gpt-4o")]
    [InlineData("any-*", "model: gpt-4o", "any-1", "gpt-4o")]
    [InlineData("gpt-*", "", "gpt-4o", "gpt-4o")]
    [InlineData("one", "model: other", "one", "other")]
    public void Star_of_a_target_is_what_the_star_of_the_model_stands_for(string name, string target, string asked, string expected)
    {
        var model = Loaded.Model($$"""
            backends: { b: { url: http://b/v1 } }
            models: { '{{name}}': { targets: [ { backend: b, {{target}} } ] } }
            """);
        var found = model.Models.Resolve(asked, Operations.Chat)!;

        Assert.Equal(expected, found.Model.Targets[0].NameFor(found));
        Assert.Equal(target.Contains('*') || target.Length == 0 ? null : expected, found.Model.Targets[0].FixedName);
    }
}
