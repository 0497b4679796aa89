using System.Text;
using AiRouter.Api.Endpoints;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Endpoints;

public sealed class EndpointDocumentTests
{
    [Fact]
    public void Document_lists_what_the_code_serves()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Endpoints

            Written from the code's own table (`AiRouter.Api/Endpoints/OperationTable.cs`) and checked against it by a test;
            `UPDATE_GOLDEN=1` writes it anew. Every path is served with and without `server.basePath`, `/v1` and `/openai/v1`.

            ## Routed by model

            The model comes from the JSON body, the form field `model`, Azure's path `/openai/deployments/{model}/…`, or, for a
            WebSocket, the query or its events; a request without one gets the default of its operation.

            | Method | Path | Operation | Body | Streams | Azure path |
            |---|---|---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var o in OperationTable.WithModel)
        {
            var body = o.Body switch
            {
                BodyKind.Json => "JSON",
                BodyKind.Multipart => "multipart",
                BodyKind.Socket => "none: a [WebSocket](realtime.md)",
                _ => "JSON or multipart",
            };
            var streams = o.Body == BodyKind.Socket ? "both ways" : !o.MayStream ? "no" : o.Dialect == StreamDialect.Opaque ? "as the backend does" : "yes";
            text.Append($"| {o.Method} | `{o.Path}` | {o.Name} | {body} | {streams} | {(o.IsAzure ? "yes" : "no")} |\n");
        }

        text.Append(
            """

            ## Answered by the router

            | Method | Path | What |
            |---|---|---|
            | GET | `/models` | configured names that the key may use (patterns are not listed) |
            | GET | `/models/{id}` | one of them; ids with `/` raw or as `%2F` |

            ## Without a model

            Passed to `defaults.backend`, only for client keys that list the operation. Objects belong to the key that made
            them: for other keys they do not exist (404), lists show a key its own objects only, and a request that refers to an
            object goes to the backend that keeps it. With a store every router knows what belongs to whom, for 30 days after the
            last use ([stored objects](store.md#stored-objects)). Without one the router keeps it in memory, at most 100,000 objects;
            after its restart objects made before are 404 for everybody. That is the safe side: nobody can be taken for an owner by
            mistake. Where the router itself keeps responses ([Responses API](dialects.md#responses-api)), it answers for those and for
            conversations, and keys that may use `responses` need not list them.

            | Methods | Path | Operation | Objects below |
            |---|---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var c in OperationTable.WithoutModel)
        {
            var methods = c.CollectionMethods.Count == 0 ? "-" : string.Join(", ", c.CollectionMethods);
            text.Append($"| {methods} | `{c.Path}` | {c.Name} | {(c.HasObjects ? "`/{id}/…` GET, POST, DELETE" : "no")} |\n");
        }

        text.Append(
            """

            ## Not served: 501

            | Method | Path | Why |
            |---|---|---|

            """.ReplaceLineEndings("\n"));
        foreach (var u in OperationTable.Unserved)
        {
            text.Append($"| {u.Method} | `{u.Path}` | {u.Why} |\n");
        }

        text.Append(
            """

            ## Never: 404

            `/organization/**`, `/projects/**` and every path that is not in this document. A known path with another method is 405.

            ## What is changed on the way

            - Request: the value of `model`; on streams `stream_options.include_usage`; what `parameters` and `stream` of the model or
              target say (JSON bodies only); a token limit where none is named and tokens or money are limited. Everything else stays
              byte for byte.
            - Request headers that reach a backend: `Accept`, `OpenAI-Beta`, `anthropic-version`, `anthropic-beta`, `Idempotency-Key`, `X-Client-Request-Id`,
              `X-Stainless-*`, the trace context, `x-request-id`, and the backend's own `headers`. `OpenAI-Organization` and
              `OpenAI-Project` only with the client's own credential. `Accept-Encoding: identity` is always asked.
            - The query string, without credentials and `api-version`.
            - Response headers that reach a client: `Content-Type`, `Content-Disposition`, `openai-processing-ms`,
              `openai-version`; of errors `Retry-After` and `x-should-retry`. The router's own: `x-request-id`, for Messages `request-id` too.
            - Response: `model` (in events of the Responses API `response.model`, of Messages `message.model`) becomes the name that the
              client asked for.
            - Streams of chat and completions: line ends, comments and `[DONE]` are normalised, usage that only the router asked for is
              taken out again. Backends with `streamUsage: false`, or that send none: usage is counted where the model has a `tokenizer`, else
              estimated (one token for four bytes of text) and marked `"estimated": true`.

            """.ReplaceLineEndings("\n"));

        Golden.EqualDocument("docs/endpoints.md", text.ToString());
    }
}
