using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using AiRouter.Core.Json;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>
/// Writes answers as OpenAI's API does. What a model does not tell is left out, but for a segment's members that clients refuse an
/// answer without: there its tokens are none, and its probabilities 0.
/// </summary>
internal static class TranscriptWriter
{
    private const int FramesInSecond = 100;

    /// <summary>The content type of a format.</summary>
    public static string ContentType(TranscriptFormat format) => format switch
    {
        TranscriptFormat.Json or TranscriptFormat.VerboseJson => "application/json",
        TranscriptFormat.Vtt => "text/vtt; charset=utf-8",
        _ => "text/plain; charset=utf-8",
    };

    /// <summary>The whole body, UTF-8.</summary>
    public static byte[] Write(TranscriptionOrder order, Transcript transcript) => order.Format switch
    {
        TranscriptFormat.Json => JsonBytes.RelaxedOf(Simple(order, transcript)),
        TranscriptFormat.VerboseJson => JsonBytes.RelaxedOf(Verbose(order, transcript)),
        TranscriptFormat.Srt => Encoding.UTF8.GetBytes(Subtitles(transcript, "", ',', isNumbered: true)),
        TranscriptFormat.Vtt => Encoding.UTF8.GetBytes(Subtitles(transcript, "WEBVTT\n\n", '.', isNumbered: false)),
        _ => Encoding.UTF8.GetBytes(transcript.Text + "\n"),
    };

    /// <summary>What a transcription is counted by.</summary>
    public static JsonObject Usage(Transcript transcript) => new()
    {
        ["type"] = "duration",
        ["seconds"] = Seconds(transcript.Duration),
    };

    private static JsonObject Simple(TranscriptionOrder order, Transcript transcript)
    {
        var body = new JsonObject { ["text"] = transcript.Text };
        if (!order.Translates)
        {
            body["usage"] = Usage(transcript);
        }

        return body;
    }

    private static JsonObject Verbose(TranscriptionOrder order, Transcript transcript)
    {
        var body = new JsonObject { ["task"] = order.Translates ? "translate" : "transcribe" };
        if (order.Translates || order.Language is not null)
        {
            // The language of the text. Which one a model has heard it does not tell.
            body["language"] = order.Translates ? "english" : WhisperLanguages.NameOf(order.Language!);
        }

        body["duration"] = Seconds(transcript.Duration);
        body["text"] = transcript.Text;
        var segments = new JsonArray();
        foreach (var segment in transcript.Segments)
        {
            segments.Add((JsonNode)new JsonObject
            {
                ["id"] = segments.Count,
                ["seek"] = (long)(segment.Start * FramesInSecond),
                ["start"] = Seconds(segment.Start),
                ["end"] = Seconds(segment.End),
                ["text"] = segment.Text,
                ["tokens"] = new JsonArray(),
                ["temperature"] = order.Temperature ?? 0,
                ["avg_logprob"] = 0,
                ["compression_ratio"] = Math.Round(CompressionRatio(segment.Text), 3),
                ["no_speech_prob"] = 0,
            });
        }

        body["segments"] = segments;
        if (!order.Translates)
        {
            body["usage"] = Usage(transcript);
        }

        return body;
    }

    private static string Subtitles(Transcript transcript, string head, char separator, bool isNumbered)
    {
        var text = new StringBuilder(head);
        for (var i = 0; i < transcript.Segments.Count; i++)
        {
            var segment = transcript.Segments[i];
            if (isNumbered)
            {
                text.Append(CultureInfo.InvariantCulture, $"{i + 1}\n");
            }

            // An arrow or an empty line in the text would end the cue.
            var words = segment.Text.Replace("-->", "->", StringComparison.Ordinal).ReplaceLineEndings(" ");
            text.Append(Time(segment.Start, separator)).Append(" --> ").Append(Time(segment.End, separator)).Append('\n')
                .Append(words).Append("\n\n");
        }

        return text.ToString();
    }

    private static string Time(double seconds, char separator)
    {
        var time = TimeSpan.FromMilliseconds(Math.Round(seconds * 1000));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{(int)time.TotalHours:00}:{time.Minutes:00}:{time.Seconds:00}{separator}{time.Milliseconds:000}");
    }

    /// <summary>As Whisper has it: a text that says the same again and again is a bad one, and packs well.</summary>
    private static double CompressionRatio(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var packed = new MemoryStream();
        using (var packer = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            packer.Write(bytes);
        }

        return (double)bytes.Length / packed.Length;
    }

    private static double Seconds(double value) => Math.Round(value, 3);
}
