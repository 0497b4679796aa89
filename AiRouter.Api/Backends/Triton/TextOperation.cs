using System.Text;
using AiRouter.Api.Admission;
using AiRouter.Api.Backends.Triton.Generations;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Dialects;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Errors;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;
using AiRouter.Core.Configuration;
using AiRouter.Core.Configuration.Assets;
using AiRouter.Triton;
using AiRouter.Triton.Models;

namespace AiRouter.Api.Backends.Triton;

/// <summary>Answers chat and legacy completions: reads the request, starts a generation for each choice, sends what comes.</summary>
internal sealed class TextOperation(TritonClient client, TritonServices services)
{
    /// <summary>See <see cref="IBackend.SendAsync"/>.</summary>
    public async ValueTask<ApiError?> SendAsync(Exchange exchange, TargetModel target, CancellationToken cancellationToken)
    {
        // First, because what a request may have and how its prompt is made depends on the model.
        var model = await client.GetModelAsync(Translation.BackendModel(exchange, target), cancellationToken);
        if (!model.CanGenerate)
        {
            return new ApiError(
                ErrorCause.UnsupportedOperation, $"The model '{exchange.PublicName}' does not generate text.", "model");
        }

        var translation = new Translation(exchange, target, model);
        using var members = RequestMembers.Read(translation, out var error);
        if (members is null)
        {
            return error;
        }

        var reader = new MemberReader(members.ByName);
        var request = exchange.Operation.Name == Operations.Chat
            ? services.Chat.Read(reader, translation)
            : services.Completions.Read(reader, translation);
        if (reader.Error is not null)
        {
            return reader.Error;
        }

        request = PromptTokens.Fit(request, translation, out error);
        if (error is not null)
        {
            return error;
        }

        if (exchange.Operation.CountsOnly)
        {
            return await services.Admission.AdmitAsync(exchange, target, new RequestSize(0, 0, 1))
                ?? await TokenCountAnswer.WriteAsync(exchange, await CountAsync(exchange, model, request, cancellationToken));
        }

        request = Fit(model, request, translation, out error);
        if (error is not null)
        {
            return error;
        }

        error = await AdmitAsync(exchange, target, request);
        if (error is not null)
        {
            return error;
        }

        translation.Unsupported.WriteTo(exchange.Http.Response);
        error = await AnswerAsync(exchange, model, request, target.Config.Stream, cancellationToken);
        return error is { Param: ModelSupport.Guide } ? error with { Param = request.GuideParameter } : error;
    }

    /// <summary>The tokens of the prompt; by the model's own preprocessing where no tokenizer is configured; null: nobody can tell.</summary>
    private async ValueTask<int?> CountAsync(
        Exchange exchange, TritonModel model, TextRequest request, CancellationToken cancellationToken)
    {
        var prompt = request.Prompts[0];
        return request.Settings.Images.Count > 0 ? null
            : prompt.CountTokens() is { } count ? count
            : model.CanCountInputTokens ? await client.CountInputTokensAsync(model, prompt.Text, exchange.RequestId, cancellationToken)
            : null;
    }

    private static TextRequest Fit(TritonModel model, TextRequest request, Translation translation, out ApiError? error)
    {
        // Prompts as token ids cannot be left out, so they are not left to the policy.
        if (request.Prompts.Any(p => p.Tokens is not null) && !model.Supports(GenerationParameter.PromptTokens))
        {
            error = new ApiError(
                ErrorCause.UnsupportedParameter,
                $"The model '{translation.Exchange.PublicName}' takes text, not token ids. Send 'prompt' as a string.", "prompt");
            return request;
        }

        var settings = ModelSupport.Fit(model, request.Settings, translation.Unsupported, out error);
        if (error is null && !model.TakesTokenLimit)
        {
            // Nothing limits its answers, so none of them ends because of a limit.
            settings = settings with { MaxTokens = int.MaxValue };
            error = request.TokenLimit is null ? null : translation.Unsupported.Add(request.TokenLimit);
        }

        return request with { Settings = settings };
    }

    private ValueTask<ApiError?> AdmitAsync(Exchange exchange, TargetModel target, TextRequest request)
    {
        if (RequestAdmission.LimitsOf(exchange) is not { } limits)
        {
            return ValueTask.FromResult<ApiError?>(null);
        }

        var (size, error) = limits.NeedsSize ? TextSize.Of(exchange, request) : (new RequestSize(0, 0, request.N), null);
        return error is null ? services.Admission.AdmitAsync(exchange, target, size) : ValueTask.FromResult<ApiError?>(error);
    }

    private async ValueTask<ApiError?> AnswerAsync(
        Exchange exchange, TritonModel model, TextRequest request, TargetStream mix, CancellationToken cancellationToken)
    {
        var settings = request.Settings with
        {
            Stream = mix switch
            {
                TargetStream.Always => true,
                TargetStream.Never => false,
                _ => exchange.Facts.Stream,
            },
        };
        AskForCounts(exchange, model, request, cancellationToken);
        var choices = Start(model, request, settings, exchange.Model!.Model.Tokenizer, cancellationToken);
        try
        {
            var error = exchange.Facts.Stream
                ? await StreamAsync(exchange, model, request, choices, cancellationToken)
                : await CollectAsync(exchange, request, choices, cancellationToken);
            if (error is null && exchange.Span is { Answer: var notes })
            {
                notes.Model = model.Name;
                choices.ForEach(choice => notes.Ended(choice.Index, Encoding.ASCII.GetString(choice.FinishReason())));
            }

            return error;
        }
        finally
        {
            // What a model makes in one piece, and whose reader has gone, nobody has seen: it is not known to be nothing.
            if (!cancellationToken.IsCancellationRequested || choices.Any(c => c.Generation.IsStreaming || c.Output().Tokens > 0))
            {
                exchange.Usage = AnswerUsage.Of(choices);
            }

            foreach (var choice in choices)
            {
                await choice.DisposeAsync();
            }
        }
    }

    /// <summary>
    /// Where neither the model nor a tokenizer of ours counts prompts, the backend's own preprocessing is asked, beside the
    /// answer: the first token does not wait for it. Not for a stream whose client does not want to know.
    /// </summary>
    private void AskForCounts(
        Exchange exchange, TritonModel model, TextRequest request, CancellationToken cancellationToken)
    {
        if (model.CountsTokens || !model.CanCountInputTokens || exchange.Facts is { Stream: true, IncludeUsage: false })
        {
            return;
        }

        foreach (var prompt in request.Prompts.Where(p => p.Tokenizer is null && p.Tokens is null))
        {
            prompt.Asked = client.CountInputTokensAsync(model, prompt.Text, exchange.RequestId, cancellationToken).AsTask();
        }
    }

    /// <summary>Whether input and output are counted by the model's tokenizer.</summary>
    private static bool CanCount(TextRequest request) => request.Prompts.All(prompt => prompt.Tokenizer is not null);

    private async ValueTask<ApiError?> StreamAsync(
        Exchange exchange, TritonModel model, TextRequest request, List<Choice> choices,
        CancellationToken cancellationToken)
    {
        var events = exchange.Events ??= services.Begin(exchange);
        events.MarksUsage = !model.CountsTokens && !CanCount(request);
        exchange.Input = CanCount(request) ? new InputCount(() => PromptTokens.Of(request)) : null;
        var head = Head(exchange, request.Dialect);
        var answer = new StreamedAnswer(events, choices, request, head, exchange.Facts.IncludeUsage);
        return await answer.SendAsync(cancellationToken);
    }

    private async ValueTask<ApiError?> CollectAsync(
        Exchange exchange, TextRequest request, List<Choice> choices, CancellationToken cancellationToken)
    {
        using var answer = new CollectedAnswer(choices, request, Head(exchange, request.Dialect));
        return await answer.SendAsync(exchange.Http, cancellationToken);
    }

    private AnswerHead Head(Exchange exchange, AnswerDialect dialect)
    {
        var head = new AnswerHead(services.Ids.New(dialect.IdPrefix), services.Time.GetUtcNow().ToUnixTimeSeconds(), exchange.PublicName);
        exchange.Span?.Answer.Id = head.Id;
        return head;
    }

    /// <summary>One generation for each choice (R13): models mix up or drop choices that they make together.</summary>
    private List<Choice> Start(
        TritonModel model, TextRequest request, GenerationRequest settings, ITokenCounter? tokenizer,
        CancellationToken cancellationToken)
    {
        var shared = new ChoiceSettings(request, services.Ids, tokenizer, model.CountsTokens);
        var choices = new List<Choice>(request.Prompts.Count * request.N);
        foreach (var prompt in request.Prompts)
        {
            for (var i = 0; i < request.N; i++)
            {
                var index = choices.Count;
                var generation = client.Generate(model, settings with
                {
                    Prompt = prompt.Text,
                    PromptTokens = prompt.Tokens,
                    // Not above what an int64 holds: vLLM takes no more.
                    Seed = (settings.Seed + (ulong)i) & long.MaxValue,
                    // Triton's ids tell calls apart; the first has the request's own.
                    CallId = index == 0 ? null : $"{settings.RequestId}-{index}",
                }, cancellationToken);
                choices.Add(new Choice(index, prompt, generation, shared));
            }
        }

        return choices;
    }
}
