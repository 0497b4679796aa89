using AiRouter.Core.Metering;

namespace AiRouter.Tests.Metering;

public sealed class UsageOutcomeTests
{
    [Theory]
    [InlineData(200, null, UsageOutcomes.Ok)]
    [InlineData(204, null, UsageOutcomes.Ok)]
    [InlineData(400, "InvalidRequest", UsageOutcomes.ClientError)]
    [InlineData(404, null, UsageOutcomes.ClientError)]
    [InlineData(429, "Whatever", UsageOutcomes.Limited)]
    [InlineData(499, "ClientGone", UsageOutcomes.Cancelled)]
    [InlineData(502, "BackendUnreachable", UsageOutcomes.BackendError)]
    [InlineData(500, "Internal", UsageOutcomes.BackendError)]
    [InlineData(200, "BackendStreamBroken", UsageOutcomes.BackendError)]
    public void Outcome_follows_status_and_cause(int status, string? cause, string outcome) =>
        Assert.Equal(outcome, UsageOutcomes.Of(Records.At(DateTimeOffset.UnixEpoch) with { Status = status, Error = cause }));
}
