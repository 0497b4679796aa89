using System.Buffers;
using System.Globalization;
using System.Text;
using AiRouter.Api.Endpoints;

namespace AiRouter.Api.Streaming;

/// <summary>Writes an answer that goes out in one piece, choice by choice.</summary>
internal sealed class WholeAnswerJson(IBufferWriter<byte> writer, AnswerDialect dialect)
{
    private int _choices;

    /// <summary>Everything before the choices.</summary>
    public void WriteOpen(AnswerHead head)
    {
        writer.Write(head.Open(dialect.Whole));
        writer.Write(",\"choices\":["u8);
    }

    /// <summary>The next choice.</summary>
    /// <param name="echo">Text of the prompt that goes first.</param>
    /// <param name="choice">What was said.</param>
    /// <param name="finishReason">Why it ended.</param>
    public void WriteChoice(ReadOnlySpan<byte> echo, WholeChoice choice, ReadOnlySpan<byte> finishReason)
    {
        writer.Write(_choices == 0 ? "{\"index\":"u8 : ",{\"index\":"u8);
        Encoding.ASCII.GetBytes(_choices.ToString(CultureInfo.InvariantCulture), writer);
        _choices++;
        writer.Write(","u8);
        dialect.WriteWhole(writer, choice, echo);
        writer.Write(",\"logprobs\":"u8);
        if (choice.LogProbs is not { } tokens)
        {
            writer.Write("null"u8);
        }
        else
        {
            dialect.WriteLogProbs(writer, tokens, textOffset: 0);
        }

        writer.Write(",\"finish_reason\":\""u8);
        writer.Write(finishReason);
        writer.Write("\"}"u8);
    }

    /// <summary>Everything behind the choices.</summary>
    public void WriteClose(TokenUsage usage)
    {
        writer.Write("],\"usage\":"u8);
        writer.Write(UsageText.Of(usage));
        writer.Write("}"u8);
    }
}
