using AiRouter.Prompting.Jinja.Library.Objects;
using AiRouter.Prompting.Jinja.Values;

namespace AiRouter.Prompting.Jinja.Library.Methods;

/// <summary>The methods of Python's <c>dict</c> that change nothing.</summary>
internal static class DictMethods
{
    private static readonly string[] GetParameters = ["key", "default"];

    /// <summary>The method <paramref name="name"/>.</summary>
    public static JinjaMethod? Find(string name) => name switch
    {
        "copy" => Copy,
        "fromkeys" => FromKeys,
        "get" => Get,
        "items" => View("items", DictPart.Items),
        "keys" => View("keys", DictPart.Keys),
        "values" => View("values", DictPart.Values),
        _ => null,
    };

    private static JinjaValue Get(in JinjaValue self, in JinjaCall call)
    {
        if (!call.Names.IsEmpty)
        {
            throw JinjaValueException.TypeError("dict.get() takes no keyword arguments");
        }

        var arguments = new CallArguments(call, "get", GetParameters, 1);
        return self.AsDict.TryGetValue(arguments.Get(0), out var value) ? value : arguments.Get(1);
    }

    private static JinjaMethod View(string name, DictPart part) => (in JinjaValue self, in JinjaCall call) =>
    {
        StringMethods.RequireNone(call, "dict", name);
        return JinjaValue.From(new DictView(self.AsDict, part));
    };

    private static JinjaValue Copy(in JinjaValue self, in JinjaCall call)
    {
        StringMethods.RequireNone(call, "dict", "copy");
        return JinjaValue.From(self.AsDict.Copy());
    }

    private static JinjaValue FromKeys(in JinjaValue self, in JinjaCall call)
    {
        var arguments = new CallArguments(call, "fromkeys", ["iterable", "value"], 1);
        var keys = Iteration.ToArray(arguments.Get(0), call.Run);
        var value = arguments.Get(1);
        call.Run.Reserve(keys.Length);
        var dict = new JinjaDict(keys.Length);
        foreach (ref readonly var key in keys.AsSpan())
        {
            dict.Set(key, value);
        }

        return JinjaValue.From(dict);
    }
}
