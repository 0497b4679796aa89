using AiRouter.Prompting.Formats;

namespace AiRouter.Tests.Prompting.Formats;

public sealed class MessageMergeTests
{
    [Fact]
    public void R20_late_system_messages_move_to_the_front_and_same_roles_are_merged()
    {
        var repaired = MessageMerge.Apply(
        [
            new(ChatRole.User, "a"), new(ChatRole.User, "b"), new(ChatRole.System, "s1"), new(ChatRole.Assistant, "c"),
            new(ChatRole.System, "s2"), new(ChatRole.User, "d"),
        ]);

        Assert.Equal(
            [
                new(ChatRole.System, "s1\n\ns2"), new(ChatRole.User, "a\n\nb"), new(ChatRole.Assistant, "c"),
                new(ChatRole.User, "d"),
            ],
            repaired);
    }

    [Fact]
    public void R20_named_speakers_and_tool_results_stay_apart()
    {
        IReadOnlyList<ChatMessage> messages =
        [
            new(ChatRole.User, "a", "Ann"), new(ChatRole.User, "b", "Bob"), new(ChatRole.Tool, "1"), new(ChatRole.Tool, "2"),
        ];

        Assert.Equal(messages, MessageMerge.Apply(messages));
    }

    [Fact]
    public void R20_a_conversation_in_order_is_left_as_it_is()
    {
        IReadOnlyList<ChatMessage> messages = [new(ChatRole.System, "s"), new(ChatRole.User, "a"), new(ChatRole.Assistant, "b")];

        Assert.Same(messages, MessageMerge.Apply(messages));
    }
}
