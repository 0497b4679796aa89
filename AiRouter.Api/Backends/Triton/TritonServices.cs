using AiRouter.Api.Admission;
using AiRouter.Api.Backends.Triton.Requests;
using AiRouter.Api.Backends.Triton.Transcriptions;
using AiRouter.Api.Backends.Triton.Transcriptions.Audio.Decoding;
using AiRouter.Api.Endpoints;
using AiRouter.Api.Requests;
using AiRouter.Api.Streaming;

namespace AiRouter.Api.Backends.Triton;

/// <summary>What all Triton backends share.</summary>
internal sealed class TritonServices(
    ChatReader chat,
    CompletionReader completions,
    AnswerIds ids,
    TimeProvider time,
    KeepAliveClock keepAlive,
    PrefixRenderer prefixes,
    SoundReader sounds,
    BodyBudget budget,
    RequestAdmission admission)
{
    /// <summary>Lets requests pass that their limits have room for.</summary>
    public RequestAdmission Admission => admission;

    /// <summary>Makes the prefixes of transcripts.</summary>
    public PrefixRenderer Prefixes => prefixes;

    /// <summary>Opens files of sound.</summary>
    public SoundReader Sounds => sounds;

    /// <summary>What the sound of requests takes its memory from (R31).</summary>
    public BodyBudget Budget => budget;

    /// <summary>Reads chat requests.</summary>
    public ChatReader Chat => chat;

    /// <summary>Reads legacy completion requests.</summary>
    public CompletionReader Completions => completions;

    /// <summary>Makes the ids of answers.</summary>
    public AnswerIds Ids => ids;

    /// <summary>The time of answers.</summary>
    public TimeProvider Time => time;

    /// <summary>Begins the event stream of a request.</summary>
    public EventStream Begin(Exchange exchange)
    {
        var server = exchange.State.Server;
        return new EventStream(
            exchange.Http, keepAlive, TimeSpan.FromSeconds(server.CommitAfter), TimeSpan.FromSeconds(server.KeepAlive),
            exchange.SilentSince)
        {
            OnFirstData = exchange.NoteFirstData,
        };
    }
}
