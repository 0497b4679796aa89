using System.Globalization;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Core.Configuration;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>Reads the fields of a transcription or translation.</summary>
internal sealed class TranscriptionReader(TranscriptionFields fields, Translation translation)
{
    private const string Granularities = "timestamp_granularities";

    private ApiError? _error;

    private Exchange Exchange => translation.Exchange;

    private UnsupportedList Unsupported => translation.Unsupported;

    /// <summary>The part with the sound; null and an error when there is not exactly one.</summary>
    public static MultipartPart? FindFile(UploadBody form, out ApiError? error)
    {
        var parts = form.Parts.Where(part => part.Name == "file").ToList();
        error = parts switch
        {
            [] => new ApiError(ErrorCause.InvalidRequest, "Missing required parameter: 'file'.", "file"),
            [{ IsFile: false }] => new ApiError(
                ErrorCause.InvalidRequest, "The form field 'file' must be a file: it has no file name.", "file"),
            [_] => null,
            _ => new ApiError(ErrorCause.InvalidRequest, "The form field 'file' is there twice.", "file"),
        };
        return error is null ? parts[0] : null;
    }

    /// <summary>What is asked for, or the first thing that is wrong with it.</summary>
    public TranscriptionOrder Read(out ApiError? error)
    {
        var translates = Exchange.Operation.Name == Operations.Translations;
        var order = new TranscriptionOrder(translates)
        {
            Language = ReadLanguage(),
            Prompt = fields.Take("prompt"),
            Temperature = ReadTemperature(),
            Format = ReadFormat(),
            Streams = Exchange.Facts.Stream && !translates,
        };
        if (Exchange.Facts.Stream && translates)
        {
            _error ??= Unsupported.Add("stream");
        }

        if (order is { Streams: true, Format: not (TranscriptFormat.Json or TranscriptFormat.Text) })
        {
            Fail("response_format", "Invalid 'response_format': only 'json' and 'text' can be streamed.");
        }

        ReadGranularities();
        ReadRest();
        error = _error;
        return order;
    }

    private string? ReadLanguage()
    {
        if (fields.Take("language") is not { } code)
        {
            return null;
        }

        var language = WhisperLanguages.Find(code);
        if (language is null)
        {
            Fail("language", "Invalid 'language': expected the ISO 639-1 code of a language that Whisper knows, such as 'en'.");
        }

        return language;
    }

    private double? ReadTemperature()
    {
        if (fields.Take("temperature") is not { } text)
        {
            return null;
        }

        if (!double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || value is not (>= 0 and <= 1))
        {
            Fail("temperature", "Invalid 'temperature': expected a number from 0 to 1.");
            return null;
        }

        if (translation.Serving.TranscribesAtTemperature)
        {
            return value;
        }

        // 0 is how the model chooses without.
        _error ??= value == 0 ? null : Unsupported.Add("temperature");
        return null;
    }

    private TranscriptFormat ReadFormat()
    {
        switch (fields.Take("response_format"))
        {
            case null or "json":
                return TranscriptFormat.Json;
            case "text":
                return TranscriptFormat.Text;
            case "verbose_json":
                return TranscriptFormat.VerboseJson;
            case "srt":
                return TranscriptFormat.Srt;
            case "vtt":
                return TranscriptFormat.Vtt;
            case "diarized_json":
                _error ??= Unsupported.Refuse("response_format", "it does not tell speakers apart");
                return default;
            default:
                Fail("response_format", "Invalid 'response_format': expected 'json', 'text', 'srt', 'verbose_json' or 'vtt'.");
                return default;
        }
    }

    private void ReadGranularities()
    {
        foreach (var value in fields.TakeAll(Granularities + "[]").Concat(fields.Take(Granularities)?.Split(',') ?? []))
        {
            switch (value.Trim())
            {
                case "segment":
                    break;
                case "word":
                    _error ??= Unsupported.Add(Granularities + "[]", "it does not tell when words are said, only 'segment' is");
                    break;
                default:
                    Fail(Granularities + "[]", $"Invalid '{Granularities}[]': expected 'segment'.");
                    break;
            }
        }
    }

    private void ReadRest()
    {
        foreach (var name in fields.Rest)
        {
            // Sound is cut into windows here in any case; the user is for the log of OpenAI.
            var isWithoutEffect = name is "model" or "stream" or "user" || (name == "chunking_strategy" && IsAuto(fields));
            _error ??= isWithoutEffect ? null : Unsupported.Add(name);
        }
    }

    private static bool IsAuto(TranscriptionFields fields) => fields.Find("chunking_strategy") is "auto" or "\"auto\"";

    private void Fail(string field, string message) => _error ??= new ApiError(ErrorCause.InvalidRequest, message, field);
}
