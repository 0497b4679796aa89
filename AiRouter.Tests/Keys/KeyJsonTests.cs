using System.Text.Json.Nodes;
using AiRouter.Core.Configuration;
using AiRouter.Core.Keys;

namespace AiRouter.Tests.Keys;

/// <summary>What the store holds of a key: records that an earlier release wrote are read, and written back the same.</summary>
public sealed class KeyJsonTests
{
    private const string Stored = """
        {
          "id": "key_a", "version": 3, "name": "team a", "hash": "sha256:1", "prefix": "sk-air-abcde",
          "previousHash": "sha256:0", "previousUntil": "2027-01-02T00:00:00+00:00", "owner": "me", "tags": ["x", "y"],
          "models": ["m*"], "operations": ["chat"], "expires": "2027-01-31T00:00:00+00:00", "disabled": true,
          "limits": { "requestsPerMinute": 3, "concurrent": 2 }, "budget": { "usd": 1.5, "per": "week" },
          "modelLimits": { "big": { "tokensPerMinute": 9, "budget": { "usd": 2, "per": "month" } } }, "priority": -4, "logBodies": true,
          "created": { "at": "2026-11-23T01:00:00+00:00", "by": "a" }, "updated": { "at": "2026-11-23T02:00:00+00:00", "by": "b" }
        }
        """;

    [Fact]
    public void Record_is_read_and_written_back_member_by_member()
    {
        var record = KeyJson.ReadRecord(Stored);

        Assert.Equal(("team a", "me", 3), (record.Name, record.Owner, record.Limits.RequestsPerMinute));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(Stored), JsonNode.Parse(KeyJson.Write(record))), KeyJson.Write(record));
    }

    [Fact]
    public void Members_that_a_record_lacks_keep_their_defaults()
    {
        var record = KeyJson.ReadRecord(
            """{ "id": "key_a", "name": "a", "hash": "sha256:1", "prefix": "sk", "budget": { "usd": 1 } }""");

        Assert.Empty(record.Tags);
        Assert.Empty(record.ModelLimits);
        Assert.Equal(new LimitsConfig(), record.Limits);
        Assert.Equal(BudgetPeriod.Month, record.Budget?.Per);
    }
}
