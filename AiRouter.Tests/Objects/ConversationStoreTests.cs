using System.Text;
using AiRouter.Core.Objects;
using AiRouter.Tests.Fixtures;

namespace AiRouter.Tests.Objects;

/// <summary>What the store keeps of a conversation.</summary>
public sealed class ConversationStoreTests(StoreServers servers)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, EveryStore]
    public async Task Each_use_keeps_it_for_as_long_again_and_then_it_is_gone(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var conversations = new ConversationStore(store);
        await conversations.CreateAsync("conv_1", 7, "{}"u8.ToArray(), [Item("a", 1)], Hour, Cancelled);

        Assert.NotNull(await conversations.FindAsync("conv_1", ItemRange.All, TimeSpan.FromMilliseconds(50), Cancelled));

        // Looking without a lifetime keeps nothing: all of it goes, its items too.
        await Eventually.HoldsAsync(async () => await conversations.FindAsync("conv_1", ItemRange.None, TimeSpan.Zero, Cancelled) is null);
        Assert.Equal(ConversationWrite.NotFound, await AppendAsync(conversations, "conv_1", Item("b", 1)));
        Assert.Null(await conversations.FindItemAsync("conv_1", "a", TimeSpan.Zero, Cancelled));
    }

    [Theory, EveryStore]
    public async Task It_holds_so_many_bytes_and_items_and_takes_all_of_a_write_or_nothing(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var conversations = new ConversationStore(store);
        await conversations.CreateAsync("conv_1", 7, "{}"u8.ToArray(), [], Hour, Cancelled);
        const int Half = (ConversationStore.MostBytes / 2) + 1;

        Assert.Equal(ConversationWrite.Done, await AppendAsync(conversations, "conv_1", Item("large", Half)));
        Assert.Equal(ConversationWrite.Full, await AppendAsync(conversations, "conv_1", Item("small", 1), Item("other", Half)));
        Assert.Equal(["large"], await IdsAsync(conversations));
        Assert.True(await conversations.RemoveItemAsync("conv_1", "large", Hour, Cancelled));

        var most = Enumerable.Range(0, ConversationStore.MostItems).Select(static n => Item($"i{n}", 1)).ToArray();
        Assert.Equal(ConversationWrite.Done, await AppendAsync(conversations, "conv_1", most));
        Assert.Equal(ConversationWrite.Full, await AppendAsync(conversations, "conv_1", Item("more", 1)));
        Assert.True(await conversations.RemoveItemAsync("conv_1", "i0", Hour, Cancelled));
        Assert.Equal(ConversationWrite.Done, await AppendAsync(conversations, "conv_1", Item("more", 1)));
    }

    [Theory, EveryStore]
    public async Task What_is_added_again_is_there_once_and_the_order_stays(StoreKind kind)
    {
        await using var store = await servers.OpenAsync(kind);
        var conversations = new ConversationStore(store);
        await conversations.CreateAsync("conv_1", 7, "{}"u8.ToArray(), [Item("a", 1)], Hour, Cancelled);

        await AppendAsync(conversations, "conv_1", Item("b", 1), Item("c", 1));
        await AppendAsync(conversations, "conv_1", Item("b", 1), Item("c", 1), Item("d", 1));

        Assert.Equal(["a", "b", "c", "d"], await IdsAsync(conversations));
        var page = await conversations.FindAsync("conv_1", new ItemRange(IsAscending: false, "d", 2), Hour, Cancelled);
        Assert.Equal(["c", "b"], page!.Items.Select(IdOf));
        Assert.Empty((await conversations.FindAsync("conv_1", new ItemRange(true, "nobody", 2), Hour, Cancelled))!.Items);
    }

    private static async Task<IEnumerable<string>> IdsAsync(ConversationStore conversations) =>
        (await conversations.FindAsync("conv_1", ItemRange.All, Hour, Cancelled))!.Items.Select(IdOf);

    private static ValueTask<ConversationWrite> AppendAsync(
        ConversationStore conversations, string id, params KeyValuePair<string, byte[]>[] items) =>
        conversations.AppendAsync(id, items, Hour, TimeSpan.FromSeconds(30), Cancelled);

    private static KeyValuePair<string, byte[]> Item(string id, int length) =>
        new(id, Encoding.UTF8.GetBytes(id + ":" + new string('x', length)));

    private static string IdOf(byte[] item) => Encoding.UTF8.GetString(item).Split(':')[0];
}
