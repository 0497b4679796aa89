using AiRouter.Api.Admission;
using AiRouter.Api.Backends.OpenAi;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Telemetry;
using AiRouter.Core.Configuration;
using AiRouter.Triton;

namespace AiRouter.Api.Backends.Triton.Transcriptions;

/// <summary>Answers transcriptions and translations: decodes the sound, cuts it into windows, asks the model for each.</summary>
internal sealed class TranscriptionOperation(TritonClient client, TritonServices services)
{
    private const long MiB = 1024 * 1024;

    /// <summary>See <see cref="IBackend.SendAsync"/>.</summary>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        var model = await client.GetModelAsync(Translation.BackendModel(exchange, target), cancellationToken);
        if (!model.CanTranscribe)
        {
            return new ApiError(
                ErrorCause.UnsupportedOperation, $"The model '{exchange.PublicName}' does not transcribe audio.", "model");
        }

        var form = (UploadBody)exchange.Body!;
        if (TranscriptionReader.FindFile(form, out var error) is not { } file)
        {
            return error;
        }

        (var fields, error) = await TranscriptionFields.ReadAsync(form, cancellationToken);
        if (fields is null)
        {
            return error;
        }

        ParameterRules.Apply(fields, exchange.Model!.Model.Config.Parameters);
        ParameterRules.Apply(fields, target.Config.Parameters);
        var translation = new Translation(exchange, target, model);
        var order = new TranscriptionReader(fields, translation).Read(out error);
        if (error is not null)
        {
            return error;
        }

        var part = new UploadPart(form.Bytes, file.ValueStart, file.ValueLength);
        (var sound, error) = await services.Sounds.OpenAsync(part, exchange.State.Server, cancellationToken);
        if (sound is null)
        {
            return error;
        }

        using var heard = sound;
        var prefix = services.Prefixes.Of(order, translation, out error);
        if (error is not null)
        {
            return error;
        }

        error = await AdmitAsync(exchange, target, form);
        if (error is not null)
        {
            return error;
        }

        // Only for those who may ask the model: it costs a processor's time.
        (var source, error) = await sound.PlayAsync(cancellationToken);
        if (source is null)
        {
            return error;
        }

        translation.Unsupported.WriteTo(exchange.Http.Response);
        var (traceParent, traceState) = TraceContext.Of(exchange.Http);
        var maxBuffered = exchange.State.Server.MaxBufferedMiB * MiB;
        var transcriber = new Transcriber(client, model, new AudioWindows(source), services.Budget, maxBuffered)
        {
            Request = new TranscriptionRequest
            {
                Prefix = prefix,
                Samples = default,
                Temperature = order.Temperature,
                RequestId = exchange.RequestId,
                TraceParent = traceParent,
                TraceState = traceState,
            },
        };
        return order.Streams
            ? await StreamAsync(exchange, transcriber, cancellationToken)
            : await CollectAsync(exchange, transcriber, order, cancellationToken);
    }

    /// <summary>As an upload that passes through: the fields by their bytes, the sound by its fixed figure (R32).</summary>
    private ValueTask<ApiError?> AdmitAsync(Exchange exchange, TargetModel target, UploadBody form)
    {
        if (RequestAdmission.LimitsOf(exchange) is null)
        {
            return ValueTask.FromResult<ApiError?>(null);
        }

        long figure = exchange.State.Model.Config.Limits.AudioTokens;
        var fields = form.Parts.Where(part => !part.IsFile).Sum(part => part.ValueLength);
        return services.Admission.AdmitAsync(exchange, target, new RequestSize(fields + figure, figure, 1));
    }

    private static async ValueTask<ApiError?> CollectAsync(
        Exchange exchange, Transcriber transcriber, TranscriptionOrder order, CancellationToken cancellationToken)
    {
        var transcript = new Transcript();
        var error = await transcriber.RunAsync(
            segment =>
            {
                transcript.Add(segment);
                return ValueTask.CompletedTask;
            },
            cancellationToken);
        if (error is not null)
        {
            return error;
        }

        var body = TranscriptWriter.Write(order, transcript);
        var response = exchange.Http.Response;
        response.ContentType = TranscriptWriter.ContentType(order.Format);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, cancellationToken);
        return null;
    }

    private async ValueTask<ApiError?> StreamAsync(Exchange exchange, Transcriber transcriber, CancellationToken cancellationToken)
    {
        var events = exchange.Events ??= services.Begin(exchange);
        var transcript = new Transcript();
        var isThere = true;
        var error = await transcriber.RunAsync(
            async segment =>
            {
                if (transcript.Add(segment) is { Length: > 0 } added && isThere)
                {
                    isThere = await TranscriptEvents.SendDeltaAsync(events, added, cancellationToken);
                }
            },
            cancellationToken);
        if (error is not null)
        {
            return error;
        }

        return isThere && await TranscriptEvents.SendDoneAsync(events, transcript, cancellationToken) ? null : TritonErrors.ClientGone;
    }
}
