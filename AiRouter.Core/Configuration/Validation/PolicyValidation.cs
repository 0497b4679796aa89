using AiRouter.Core.Configuration.Reading;

namespace AiRouter.Core.Configuration.Validation;

/// <summary>What must hold about how a model's targets are chosen. Settings of another policy would be silently ignored.</summary>
internal static class PolicyValidation
{
    public static void Check(ModelConfig model, ConfigPath path, ProblemList problems)
    {
        if (model.Policy != TargetPolicy.Sticky && model.Sticky != new StickyConfig())
        {
            problems.Add(path["sticky"], "has no effect: only the policy sticky has a use for it");
        }
        else if (model.Policy == TargetPolicy.Sticky)
        {
            CheckHeader(model.Sticky, path["sticky"], problems);
        }

        if (model.Policy != TargetPolicy.Prefix && model.Prefix != new PrefixConfig())
        {
            problems.Add(path["prefix"], "has no effect: only the policy prefix has a use for it");
        }
    }

    private static void CheckHeader(StickyConfig sticky, ConfigPath path, ProblemList problems)
    {
        if (sticky.By == StickyBy.Header && sticky.Header is null)
        {
            problems.Add(path, "header is missing: it names the request header that by: header goes by");
        }
        else if (sticky.By != StickyBy.Header && sticky.Header is not null)
        {
            problems.Add(path["header"], "has no effect without by: header");
        }
    }
}
