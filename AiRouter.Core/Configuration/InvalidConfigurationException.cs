namespace AiRouter.Core.Configuration;

/// <summary>A router could not start, because its configuration is wrong.</summary>
public sealed class InvalidConfigurationException(IReadOnlyList<ConfigurationProblem> problems)
    : Exception($"The configuration is wrong:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}")
{
    /// <summary>Everything that is wrong.</summary>
    public IReadOnlyList<ConfigurationProblem> Problems { get; } = problems;
}
