using System.Text;
using AiRouter.Core.Objects;
using AiRouter.Core.Stores;
using AiRouter.Tests.Fixtures;
using AiRouter.TritonSimulator;

namespace AiRouter.Tests.Dialects.Kept;

/// <summary>Conversations that the router itself keeps.</summary>
public sealed class ConversationTests(StoreServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Request_goes_on_in_its_conversation_at_any_replica(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(triton, store);
        await using var two = await StartAsync(triton, store);
        var made = await one.AskAsync("POST", "conversations", """{"items":[{"role":"user","content":"My name is Ada."}]}""");
        var id = (string)made["id"]!;

        var first = await one.AskAsync("POST", "responses", Ask(id, "[[say:Hello.]]"));
        await Eventually.HoldsAsync(async () => (await two.TextsAsync(id)).Count == 3);
        await two.AskAsync("POST", "responses", Ask(id, "Who am I? [[say:Ada.]]").Replace($"\"{id}\"", $$"""{"id":"{{id}}"}"""));

        Assert.Equal(id, (string)first["conversation"]!["id"]!);
        var prompt = Encoding.UTF8.GetString(triton.Requests.Last(r => r.ModelName == "ensemble").Message.Span);
        Assert.Contains("My name is Ada.", prompt);
        Assert.Contains("Hello.", prompt);
        Assert.Equal(["My name is Ada.", "[[say:Hello.]]", "Hello.", "Who am I? [[say:Ada.]]", "Ada."], await two.TextsAsync(id));
    }

    [Theory, EveryStore]
    public async Task Conversation_and_its_items_are_objects_as_OpenAIs(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var router = await StartAsync(triton, store);

        var made = await router.AskAsync("POST", "conversations", """{"metadata":{"topic":"x"}}""");
        var id = (string)made["id"]!;
        Assert.StartsWith("conv_", id);
        Assert.Equal(("conversation", "x"), ((string)made["object"]!, (string)made["metadata"]!["topic"]!));
        Assert.True((long)made["created_at"]! > 0);
        var noted = await router.AskAsync("POST", "conversations/" + id, """{"metadata":{"topic":"y"}}""");
        Assert.Equal(("y", (long)made["created_at"]!), ((string)noted["metadata"]!["topic"]!, (long)noted["created_at"]!));
        Assert.Equal(noted.ToJsonString(), (await router.AskAsync("GET", "conversations/" + id)).ToJsonString());

        var items = string.Join(',', "abc".Select(c => $$"""{"role":"user","content":"{{c}}"}"""));
        var added = await router.AskAsync("POST", $"conversations/{id}/items", $$"""{"items":[{{items}}]}""");
        Assert.Equal(("list", false, 3), ((string)added["object"]!, (bool)added["has_more"]!, added["data"]!.AsArray().Count));
        var newest = await router.AskAsync("GET", $"conversations/{id}/items?limit=2");
        Assert.Equal(["c", "b"], newest["data"]!.AsArray().Select(static i => (string)i!["content"]![0]!["text"]!));
        Assert.True((bool)newest["has_more"]!);
        var last = await router.AskAsync("GET", $"conversations/{id}/items?limit=2&after={newest["last_id"]}");
        Assert.Equal((false, (string)last["data"]![0]!["id"]!), ((bool)last["has_more"]!, (string)last["first_id"]!));
        Assert.Equal("a", (string)last["data"]![0]!["content"]![0]!["text"]!);

        var item = $"conversations/{id}/items/{last["first_id"]}";
        Assert.Equal("a", (string)(await router.AskAsync("GET", item))["content"]![0]!["text"]!);
        Assert.Equal(id, (string)(await router.AskAsync("DELETE", item))["id"]!);
        Assert.Equal(404, (await router.FailAsync("GET", item)).Status);
        Assert.Equal(404, (await router.FailAsync("DELETE", item)).Status);
        Assert.Equal(["b", "c"], await router.TextsAsync(id));

        var gone = await router.AskAsync("DELETE", "conversations/" + id);
        Assert.Equal((id, "conversation.deleted", true), ((string)gone["id"]!, (string)gone["object"]!, (bool)gone["deleted"]!));
        Assert.Equal(404, (await router.FailAsync("GET", "conversations/" + id)).Status);
        Assert.Equal(404, (await router.FailAsync("GET", $"conversations/{id}/items")).Status);
        Assert.Equal(404, (await router.FailAsync("POST", "responses", Ask(id, "x"))).Status);
    }

    [Fact]
    public async Task Conversation_is_for_the_key_that_made_it()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var id = (string)(await router.AskAsync("POST", "conversations", """{"items":[{"role":"user","content":"a"}]}"""))["id"]!;

        foreach (var (method, path, json) in new[]
        {
            ("GET", $"conversations/{id}", null), ("DELETE", $"conversations/{id}", null), ("GET", $"conversations/{id}/items", null),
            ("POST", $"conversations/{id}", """{"metadata":{}}"""),
            ("POST", $"conversations/{id}/items", """{"items":[{"role":"user","content":"b"}]}"""), ("POST", "responses", Ask(id, "b")),
        })
        {
            Assert.Equal(404, (await router.FailAsync(method, path, json, KeptRouter.Bob)).Status);
        }

        Assert.Equal(["a"], await router.TextsAsync(id));
    }

    [Theory, EveryStore]
    public async Task Requests_at_once_lose_nothing_and_each_answer_follows_its_question(StoreKind kind)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(kind);
        await using var one = await StartAsync(triton, store);
        await using var two = await StartAsync(triton, store);
        var id = (string)(await one.AskAsync("POST", "conversations", "{}"))["id"]!;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n =>
            (n % 2 == 0 ? one : two).AskAsync("POST", "responses", Ask(id, $"[[say:{n}]]"))));

        await Eventually.HoldsAsync(async () => (await one.TextsAsync(id)).Count == 16);
        var texts = await one.TextsAsync(id);
        Assert.Equal(8, texts.Distinct().Count(static t => t.StartsWith("[[", StringComparison.Ordinal)));
        Assert.All(texts.Chunk(2), static pair => Assert.Equal($"[[say:{pair[1]}]]", pair[0]));
    }

    [Fact]
    public async Task Stream_is_added_before_the_next_request_reads_and_a_failure_never()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var id = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;

        var events = await router.StreamAsync(Ask(id, "[[say:Hi.]]").Replace("{\"model\"", "{\"stream\":true,\"model\""));

        Assert.Contains($$"""
            "conversation":{"id":"{{id}}"}
            """, events);
        Assert.Equal(["[[say:Hi.]]", "Hi."], await router.TextsAsync(id));
        await router.FailAsync("POST", "responses", Ask(id, "[[error]]"));
        Assert.Equal(2, (await router.TextsAsync(id)).Count);
    }

    [Theory]
    [InlineData("conversations", """{"items":[{"type":"web_search_call","id":"x"}]}""", "items[0]")]
    [InlineData("conversations", """{"items":"x"}""", "items")]
    [InlineData("conversations", """{"metadata":{"a":1}}""", "metadata")]
    [InlineData("conversations", """{"metadata":["a"]}""", "metadata")]
    [InlineData("conversations/ID/items", "{}", "items")]
    [InlineData("conversations/ID/items", """{"items":[TWENTY,{"role":"user","content":"a"}]}""", "items")]
    [InlineData("conversations/ID/items?limit=0", null, "limit")]
    [InlineData("responses", """{"model":"llm","input":"x","conversation":"ID","previous_response_id":"RESPONSE"}""", "conversation")]
    public async Task What_is_wrong_is_told_by_name(string path, string? json, string param)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var id = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
        var response = (string)(await router.AskAsync("POST", "responses", """{"model":"llm","input":"[[say:x]]"}"""))["id"]!;
        var twenty = string.Join(',', Enumerable.Repeat("""{"role":"user","content":"a"}""", 20));
        string? Filled(string? text) => text?.Replace("ID", id).Replace("RESPONSE", response).Replace("TWENTY", twenty);

        var (status, error) = await router.FailAsync(json is null ? "GET" : "POST", Filled(path)!, Filled(json));

        Assert.Equal((400, param), (status, (string)error["param"]!));
    }

    [Fact]
    public async Task Conversation_that_is_full_takes_no_further_request()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await StartAsync(triton, store);
        var id = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
        var item = Encoding.UTF8.GetBytes("""{"id":"i","type":"message","role":"user","content":"a"}""");
        await new ConversationStore(store).AppendAsync(
            id, [.. Enumerable.Range(0, ConversationStore.MostItems).Select(n => KeyValuePair.Create($"msg_{n}", item))],
            TimeSpan.FromHours(1), TimeSpan.FromSeconds(30), Cancelled);

        var (status, error) = await router.FailAsync("POST", "responses", Ask(id, "x"));

        Assert.Equal((400, "conversation"), (status, (string)error["param"]!));
        var more = await router.FailAsync("POST", $"conversations/{id}/items", """{"items":[{"role":"user","content":"b"}]}""");
        Assert.Equal(400, more.Status);
        Assert.DoesNotContain(triton.Requests, static r => r.ModelName == "ensemble");
    }

    [Fact]
    public async Task Without_the_store_clients_are_told_to_try_again()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var inner = await servers.OpenAsync(StoreKind.Redis);
        var store = new StoreSwitch(inner);
        await using var router = await KeptRouter.StartAsync(KeptRouter.Triton(triton.Address), store);
        var id = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
        store.Cut(true);

        Assert.Equal(503, (await router.FailAsync("POST", "conversations", "{}")).Status);
        Assert.Equal(503, (await router.FailAsync("GET", "conversations/" + id)).Status);
        Assert.Equal(503, (await router.FailAsync("POST", "responses", Ask(id, "x"))).Status);

        store.Cut(false);
        await router.AskAsync("POST", "responses", Ask(id, "[[say:Back.]]"));
        Assert.Equal("Back.", (await router.TextsAsync(id))[^1]);
    }

    [Theory]
    [InlineData("[responses]", 200)]
    [InlineData("[conversations, chat]", 200)]
    [InlineData("[chat]", 403)]
    public async Task Keys_for_responses_and_keys_that_list_conversations_may_use_them(string operations, int status)
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(
            KeptRouter.Triton(triton.Address), store, alice: $", operations: {operations}");

        if (status == 200)
        {
            var id = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
            await router.AskAsync("GET", "conversations/" + id);
        }
        else
        {
            Assert.Equal(status, (await router.FailAsync("POST", "conversations", "{}")).Status);
            Assert.Equal(status, (await router.FailAsync("GET", "conversations/conv_x")).Status);
        }
    }

    [Fact]
    public async Task Router_that_keeps_nothing_leaves_conversations_to_the_default_backend()
    {
        await using var triton = await SimulatedTriton.StartAsync(cancellationToken: Cancelled);
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        await using var router = await KeptRouter.StartAsync(
            KeptRouter.Triton(triton.Address), store, hours: 0, alice: ", operations: [conversations, responses]");

        Assert.Equal(501, (await router.FailAsync("POST", "conversations", "{}")).Status);
        Assert.Equal(403, (await router.FailAsync("POST", "conversations", "{}", KeptRouter.Bob)).Status);
        Assert.Equal("conversation", (string)(await router.FailAsync("POST", "responses", Ask("conv_1", "x"))).Error["param"]!);
    }

    [Fact]
    public async Task Conversations_stay_where_they_were_made()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(call => call.JsonAsync(call.Request.Target switch
        {
            "/v1/conversations" => """{"id":"conv_theirs","object":"conversation"}""",
            "/v1/chat/completions" =>
                """{"object":"chat.completion","choices":[{"message":{"role":"assistant","content":"Yes."},"finish_reason":"stop"}]}""",
            _ => """{"id":"resp_theirs","object":"response","output":[]}""",
        }));
        await using var store = await servers.OpenAsync(StoreKind.Redis);
        const string Operations = ", operations: [conversations, responses]";
        var backend = KeptRouter.OpenAi(upstream.Url);
        await using (var before = await KeptRouter.StartAsync(backend, store, hours: 0, Operations, "defaults: { backend: up }"))
        {
            await before.AskAsync("POST", "conversations", "{}");
        }

        await Eventually.HoldsAsync(async () => (await new ObjectStore(store).FindAsync(["conv_theirs"], Cancelled))[0] is not null);
        await using var router = await KeptRouter.StartAsync(backend, store, hours: 1, Operations, "defaults: { backend: up }");
        var ours = (string)(await router.AskAsync("POST", "conversations", "{}"))["id"]!;
        await router.AskAsync("POST", "responses", Ask(ours, "Is it?"));
        await router.AskAsync("POST", "responses", Ask("conv_theirs", "Is it?"));
        await router.AskAsync("GET", "conversations/conv_theirs");

        Assert.Equal(
            ["/v1/conversations", "/v1/chat/completions", "/v1/responses", "/v1/conversations/conv_theirs"],
            upstream.Requests.Select(static r => r.Target));
        Assert.Equal(["Is it?", "Yes."], await router.TextsAsync(ours));
    }

    private static Task<KeptRouter> StartAsync(SimulatedTriton triton, IStore store) =>
        KeptRouter.StartAsync(KeptRouter.Triton(triton.Address), store);

    private static string Ask(string conversation, string input) =>
        $$"""{"model":"llm","input":"{{input}}","conversation":"{{conversation}}"}""";
}
