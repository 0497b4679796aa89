using static AiRouter.Tests.EndToEnd.ToolModels;
using static AiRouter.Tests.EndToEnd.TritonRouter;

namespace AiRouter.Tests.EndToEnd;

/// <summary>Tools that are wrong, contradict themselves, or that the model cannot be given.</summary>
public sealed class TritonToolRequestTests
{
    [Theory]
    [InlineData("{}", "tools")]
    [InlineData("[1]", "tools[0]")]
    [InlineData("[{}]", "tools[0].type")]
    [InlineData("[{\"type\":\"function\"}]", "tools[0].function")]
    [InlineData("[{\"type\":\"function\",\"function\":{}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a b\"}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":1}}]", "tools[0].function.name")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"description\":1}}]",
        "tools[0].function.description")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\",\"parameters\":[]}}]",
        "tools[0].function.parameters", "invalid_function_parameters")]
    [InlineData("[{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}}]", "tools[0].type", "unsupported_parameter")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"parallel_tool_calls\":1",
        "parallel_tool_calls")]
    [InlineData("[{\"type\":\"function\",\"function\":{\"name\":\"a\"}}],\"functions\":[{\"name\":\"b\"}]",
        "functions")]
    [InlineData("null,\"functions\":[{}]", "functions[0].name")]
    public async Task Wrong_tools_are_400_with_their_path(string tools, string param, string? code = null)
    {
        await using var router = await StartAsync(Yaml);
        var error = await router.ErrorAsync(Operation, Ask("x", false, $"\"tools\":{tools}"));

        Assert.Equal((400, param, code), (error.Status, error.Param, error.Code));
        Assert.Empty(router.Sent);
    }

    [Theory]
    [InlineData("\"always\"", "tool_choice")]
    [InlineData("1", "tool_choice")]
    [InlineData("{\"a\":1}", "tool_choice.type")]
    [InlineData("{\"type\":\"function\"}", "tool_choice.function")]
    [InlineData("{\"type\":\"function\",\"function\":{\"name\":\"nope\"}}", "tool_choice")]
    [InlineData("{\"type\":\"custom\",\"custom\":{\"name\":\"a\"}}", "tool_choice", "unsupported_parameter")]
    [InlineData("{\"type\":\"allowed_tools\"}", "tool_choice.allowed_tools")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"x\"}}", "tool_choice.allowed_tools.mode")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\"}}",
        "tool_choice.allowed_tools.tools")]
    [InlineData("{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"x\"}}]}}", "tool_choice.allowed_tools.tools[0].function")]
    public async Task Wrong_choice_is_400_with_its_path(string choice, string param, string? code = null)
    {
        await using var router = await StartAsync(Yaml);
        var error = await router.ErrorAsync(Operation, Ask("x", false, $"{Tools}, \"tool_choice\":{choice}"));

        Assert.Equal((400, param, code), (error.Status, error.Param, error.Code));
    }

    [Theory]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"a\"}}", "tool_choice")]
    [InlineData($"{Tools}, \"tool_choice\":\"required\", \"response_format\":{{\"type\":\"json_object\"}}",
        "response_format")]
    public async Task Requests_that_contradict_themselves_are_400(string members, string param)
    {
        await using var router = await StartAsync(Yaml);
        var error = await router.ErrorAsync(Operation, Ask("x", false, members));

        Assert.Equal((400, param, null), (error.Status, error.Param, error.Code));
    }

    [Fact]
    public async Task R11_model_that_is_free_to_call_cannot_be_bound_to_a_form()
    {
        await using var router = await StartAsync(Yaml);
        var error = await router.ErrorAsync(
            Operation, Ask("x", false, Tools + ", \"response_format\":{\"type\":\"json_object\"}"));

        Assert.Equal((400, "response_format", "unsupported_parameter"), (error.Status, error.Param, error.Code));
        Assert.Contains("Send one of them", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("chat", Tools, "tools")]
    [InlineData("unread", Tools, "tools")]
    [InlineData("switched-off", Tools + ", \"tool_choice\":\"required\"", "tool_choice")]
    public async Task R11_tools_that_the_model_is_not_shown_or_nobody_can_read_are_400(
        string model, string members, string param)
    {
        await using var router = await StartAsync(Yaml, options: Unguided);
        var error = await router.ErrorAsync(Operation, Ask("x", false, members, model));

        Assert.Equal((400, param, "unsupported_parameter"), (error.Status, error.Param, error.Code));
    }
}
