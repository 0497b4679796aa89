using System.Text.Json.Nodes;
using AiRouter.Api.Dialects.Responses;
using AiRouter.Core.Objects;

namespace AiRouter.Api.Dialects.Kept.Background;

/// <summary>How responses stand that are made in the background, beside what <see cref="ItemStatus"/> has.</summary>
internal static class JobStatus
{
    /// <summary>No backend was asked yet.</summary>
    public const string Queued = "queued";

    /// <summary>Its client does not want it any more.</summary>
    public const string Cancelled = ResponseJobStore.Cancelled;

    /// <summary>Whether more may come of it.</summary>
    public static bool IsOpen(string status) => status is Queued or ItemStatus.InProgress;

    /// <summary>The same response, standing otherwise.</summary>
    public static KeptResponse With(this KeptResponse kept, string status)
    {
        var response = (JsonObject)kept.Response.DeepClone();
        response["status"] = status;
        return kept with { Response = response };
    }

    /// <summary>The same response, failed.</summary>
    /// <param name="kept">As it began.</param>
    /// <param name="code">One of the codes that the API has for it.</param>
    /// <param name="message">For people.</param>
    public static KeptResponse Failed(this KeptResponse kept, string code, string message)
    {
        var failed = kept.With(ItemStatus.Failed);
        failed.Response["error"] = new JsonObject { ["code"] = code, ["message"] = message };
        return failed;
    }
}
