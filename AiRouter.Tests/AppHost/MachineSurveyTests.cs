using AiRouter.AppHost.Machines;

namespace AiRouter.Tests.AppHost;

/// <summary>What can be run here is found out by asking, before the model is made.</summary>
public sealed class MachineSurveyTests
{
    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", null)]
    [InlineData("no-such-runtime", null)]
    public async Task Runtime_is_the_one_that_answers_not_one_that_fails_or_is_not_installed(string runtime, string? expected)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There are no programs of these names.");

        var machine = await MachineSurvey.RunAsync(runtime, TestContext.Current.CancellationToken);

        Assert.Equal((true, expected), (machine.HasAspire, machine.ContainerRuntime));
    }
}
