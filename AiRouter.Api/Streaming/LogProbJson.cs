using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiRouter.Api.Streaming;

/// <summary>What both shapes of log probabilities share.</summary>
internal static class LogProbJson
{
    /// <summary>OpenAI's figure for "never": JSON has no infinity, and one would kill every client.</summary>
    private const double Floor = -9999;

    /// <summary>Non-ASCII stays as it is.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A number that JSON can hold.</summary>
    public static double Finite(double logProb) => double.IsFinite(logProb) ? Math.Max(logProb, Floor) : Floor;
}
