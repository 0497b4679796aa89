using AiRouter.Core.Metering;

namespace AiRouter.Api.Endpoints;

/// <summary>What has come of a streamed answer so far: what counts of it when it is cut short and nobody tells its usage.</summary>
internal sealed class AnswerProgress
{
    private long _bytes;
    private int _pieces;

    /// <summary>
    /// Tokens so far: one for each piece, as backends stream, or one for four bytes where a piece holds more of them. An estimate.
    /// </summary>
    public int Output => Math.Max(_pieces, TokenEstimate.FromBytes(_bytes));

    /// <summary>A piece of generated text.</summary>
    public void Add(int textBytes)
    {
        if (textBytes > 0)
        {
            _bytes += textBytes;
            _pieces++;
        }
    }
}
