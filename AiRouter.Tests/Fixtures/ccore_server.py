"""A small KServe v2 gRPC server on gRPC's C core, for tests of AiRouter's client.

It shares no code with AiRouter, not even the .proto files: the messages are described here, by the field numbers of the
protocol. It is strict: what a model does not declare, it refuses. Models: "ensemble", decoupled, with the inputs of
TensorRT-LLM v0.20, and "embed".

Usage: /usr/bin/python3 ccore_server.py [port]; prints "PORT <n>" when it listens, ends when its standard input closes.
Needs Debian's python3-grpcio and python3-protobuf.
"""

import struct
import sys
import threading
import time
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

BOOL, BYTES, DOUBLE, FLOAT, INT32, INT64, MESSAGE, STRING, UINT32, UINT64 = 8, 12, 1, 2, 5, 3, 11, 9, 13, 4
PACKAGE = "kserve.test"


class Schema:
    """Message types from a table of (name, number, type, repeated, type name)."""

    def __init__(self):
        self.file = descriptor_pb2.FileDescriptorProto(name="kserve_test.proto", package=PACKAGE, syntax="proto3")

    def message(self, name, *fields, oneof=None):
        message = self.file.message_type.add(name=name)
        if oneof:
            message.oneof_decl.add(name=oneof)
        for field_name, number, kind, *rest in fields:
            field = message.field.add(name=field_name, number=number, type=kind)
            field.label = 3 if "repeated" in rest else 1
            if kind == MESSAGE:
                field.type_name = "." + PACKAGE + "." + rest[-1]
            elif oneof:
                field.oneof_index = 0
        return message

    def map_field(self, message, name, number, value_type):
        entry_name = "".join(part.capitalize() for part in name.split("_")) + "Entry"
        entry = message.nested_type.add(name=entry_name)
        entry.options.map_entry = True
        entry.field.add(name="key", number=1, type=STRING, label=1)
        entry.field.add(
            name="value", number=2, type=MESSAGE, label=1, type_name="." + PACKAGE + "." + value_type)
        message.field.add(
            name=name, number=number, type=MESSAGE, label=3,
            type_name="." + PACKAGE + "." + message.name + "." + entry_name)

    def build(self):
        pool = descriptor_pool.DescriptorPool()
        pool.Add(self.file)
        if hasattr(message_factory, "GetMessageClass"):
            make = message_factory.GetMessageClass
        else:
            make = message_factory.MessageFactory(pool).GetPrototype
        return {
            message.name: make(pool.FindMessageTypeByName(PACKAGE + "." + message.name))
            for message in self.file.message_type
        }


def build_schema():
    schema = Schema()
    schema.message("Empty")
    schema.message("Named", ("name", 1, STRING), ("version", 2, STRING))
    schema.message("Flag", ("value", 1, BOOL))
    schema.message("IndexRequest", ("repository_name", 1, STRING), ("ready", 2, BOOL))
    schema.message(
        "ServerMetadata", ("name", 1, STRING), ("version", 2, STRING), ("extensions", 3, STRING, "repeated"))
    schema.message("IndexEntry", ("name", 1, STRING), ("version", 2, STRING), ("state", 3, STRING), ("reason", 4, STRING))
    schema.message("Index", ("models", 1, MESSAGE, "repeated", "IndexEntry"))
    schema.message("Health", ("status", 1, INT32))

    schema.message("Policy", ("decoupled", 1, BOOL))
    schema.message("Input", ("name", 1, STRING), ("data_type", 2, INT32), ("dims", 4, INT64, "repeated"), ("optional", 8, BOOL))
    schema.message("Output", ("name", 1, STRING), ("data_type", 2, INT32), ("dims", 3, INT64, "repeated"))
    schema.message(
        "Config", ("name", 1, STRING), ("platform", 2, STRING), ("max_batch_size", 4, INT32),
        ("input", 5, MESSAGE, "repeated", "Input"), ("output", 6, MESSAGE, "repeated", "Output"),
        ("backend", 17, STRING), ("model_transaction_policy", 19, MESSAGE, "Policy"))
    schema.message("ConfigResponse", ("config", 1, MESSAGE, "Config"))

    schema.message(
        "Parameter", ("bool_param", 1, BOOL), ("int64_param", 2, INT64), ("string_param", 3, STRING),
        ("double_param", 4, DOUBLE), ("uint64_param", 5, UINT64), oneof="choice")
    schema.message(
        "Contents", ("bool_contents", 1, BOOL, "repeated"), ("int_contents", 2, INT32, "repeated"),
        ("int64_contents", 3, INT64, "repeated"), ("uint_contents", 4, UINT32, "repeated"),
        ("uint64_contents", 5, UINT64, "repeated"), ("fp32_contents", 6, FLOAT, "repeated"),
        ("fp64_contents", 7, DOUBLE, "repeated"), ("bytes_contents", 8, BYTES, "repeated"))
    tensor = schema.message(
        "Tensor", ("name", 1, STRING), ("datatype", 2, STRING), ("shape", 3, INT64, "repeated"),
        ("contents", 5, MESSAGE, "Contents"))
    schema.map_field(tensor, "parameters", 4, "Parameter")
    schema.message("Requested", ("name", 1, STRING))
    request = schema.message(
        "Request", ("model_name", 1, STRING), ("model_version", 2, STRING), ("id", 3, STRING),
        ("inputs", 5, MESSAGE, "repeated", "Tensor"), ("outputs", 6, MESSAGE, "repeated", "Requested"),
        ("raw_input_contents", 7, BYTES, "repeated"))
    schema.map_field(request, "parameters", 4, "Parameter")
    response = schema.message(
        "Response", ("model_name", 1, STRING), ("model_version", 2, STRING), ("id", 3, STRING),
        ("outputs", 5, MESSAGE, "repeated", "Tensor"), ("raw_output_contents", 6, BYTES, "repeated"))
    schema.map_field(response, "parameters", 4, "Parameter")
    schema.message("StreamResponse", ("error_message", 1, STRING), ("infer_response", 2, MESSAGE, "Response"))
    return schema.build()


M = build_schema()

# Name on the wire: (number in ModelConfig, bytes per element).
TYPES = {
    "BOOL": (1, 1), "UINT8": (2, 1), "UINT64": (5, 8), "INT32": (8, 4), "INT64": (9, 8), "FP16": (10, 2),
    "FP32": (11, 4), "BYTES": (13, None),
}

ENSEMBLE_INPUTS = """
text_input BYTES 1 REQ|decoder_text_input BYTES 1|max_tokens INT32 1 REQ|num_return_sequences INT32 1
bad_words BYTES -1|stop_words BYTES -1|exclude_input_in_output BOOL 1|end_id INT32 1|pad_id INT32 1|top_k INT32 1
top_p FP32 1|temperature FP32 1|length_penalty FP32 1|repetition_penalty FP32 1|presence_penalty FP32 1
frequency_penalty FP32 1|min_tokens INT32 1|seed UINT64 1|return_log_probs BOOL 1|return_context_logits BOOL 1
return_generation_logits BOOL 1|return_perf_metrics BOOL 1|return_num_input_tokens BOOL 1
return_num_output_tokens BOOL 1|beam_width INT32 1|stream BOOL 1|prompt_embedding_table FP16 -1,-1
prompt_table_extra_id UINT64 1|prompt_vocab_size INT32 1|embedding_bias_words BYTES -1|embedding_bias_weights FP32 -1
lora_task_id UINT64 1|lora_weights FP16 -1,-1|lora_config INT32 -1,3|guided_decoding_guide_type BYTES 1
guided_decoding_guide BYTES 1
"""
ENSEMBLE_OUTPUTS = "text_output BYTES -1|num_input_tokens INT32 1|num_output_tokens INT32 1"


class Refused(Exception):
    """A request that a strict server does not take."""


def parse_tensors(text):
    tensors = {}
    for line in text.replace("|", "\n").split("\n"):
        words = line.split()
        if words:
            tensors[words[0]] = (words[1], [int(dim) for dim in words[2].split(",")], words[-1] == "REQ")
    return tensors


class Model:
    def __init__(self, name, platform, backend, batch, decoupled, inputs, outputs):
        self.name = name
        self.decoupled = decoupled
        self.batch = batch
        self.inputs = parse_tensors(inputs)
        self.outputs = parse_tensors(outputs)
        self.config = M["Config"](name=name, platform=platform, backend=backend, max_batch_size=batch)
        self.config.model_transaction_policy.decoupled = decoupled
        for tensor, (kind, dims, required) in self.inputs.items():
            self.config.input.add(name=tensor, data_type=TYPES[kind][0], dims=dims, optional=not required)
        for tensor, (kind, dims, _) in self.outputs.items():
            self.config.output.add(name=tensor, data_type=TYPES[kind][0], dims=dims)

    def read(self, request):
        """The request's inputs as Python values, every one checked."""
        for tensor in request.inputs:
            if tensor.name not in self.inputs:
                raise Refused(f"unexpected inference input '{tensor.name}' for model '{self.name}'")
        for name, (_, _, required) in self.inputs.items():
            if required and name not in [tensor.name for tensor in request.inputs]:
                raise Refused(f"input '{name}' is missing for model '{self.name}'")
        if len({tensor.name for tensor in request.inputs}) != len(request.inputs):
            raise Refused("an input comes twice")
        raw = list(request.raw_input_contents)
        if raw and (len(raw) != len(request.inputs) or any(tensor.HasField("contents") for tensor in request.inputs)):
            raise Refused("all inputs must be raw, or none")
        return {
            tensor.name: self.read_tensor(tensor, raw[at] if raw else None)
            for at, tensor in enumerate(request.inputs)
        }

    def read_tensor(self, tensor, raw):
        kind, dims, _ = self.inputs[tensor.name]
        if tensor.datatype != kind:
            raise Refused(f"input '{tensor.name}' is {tensor.datatype}, not {kind}")
        shape = list(tensor.shape)
        if len(shape) != len(dims) + 1 or any(d not in (-1, s) for d, s in zip(dims, shape[1:])):
            raise Refused(f"input '{tensor.name}' has shape {shape}, expected [-1,{','.join(map(str, dims))}]")
        if not 1 <= shape[0] <= self.batch:
            raise Refused(f"input '{tensor.name}' has batch size {shape[0]}")
        values = unpack(kind, raw) if raw is not None else typed(kind, tensor.contents)
        count = 1
        for dim in shape:
            count *= dim
        if len(values) != count:
            raise Refused(f"input '{tensor.name}' has {len(values)} elements, its shape {count}")
        return values


def unpack(kind, raw):
    if kind == "BYTES":
        values, at = [], 0
        while at < len(raw):
            if at + 4 > len(raw):
                raise Refused("a string's length is cut off")
            (length,) = struct.unpack_from("<I", raw, at)
            at += 4
            if at + length > len(raw):
                raise Refused("a string is cut off")
            values.append(raw[at:at + length])
            at += length
        return values
    size = TYPES[kind][1]
    if len(raw) % size:
        raise Refused(f"{len(raw)} bytes are no {kind} elements")
    letter = {"BOOL": "?", "UINT8": "B", "UINT64": "Q", "INT32": "i", "INT64": "q", "FP16": "e", "FP32": "f"}[kind]
    return list(struct.unpack(f"<{len(raw) // size}{letter}", raw))


def typed(kind, contents):
    fields = {
        "BOOL": contents.bool_contents, "UINT8": contents.uint_contents, "UINT64": contents.uint64_contents,
        "INT32": contents.int_contents, "INT64": contents.int64_contents, "FP32": contents.fp32_contents,
        "BYTES": contents.bytes_contents,
    }
    return list(fields.get(kind, []))


def pack_bytes(*values):
    return b"".join(struct.pack("<I", len(value)) + value for value in values)


MODELS = {
    model.name: model for model in (
        Model("ensemble", "ensemble", "", 64, True, ENSEMBLE_INPUTS, ENSEMBLE_OUTPUTS),
        Model("embed", "", "python", 16, False, "text BYTES 1 REQ", "embedding FP32 8"),
    )
}

LOCK = threading.Lock()
CANCELLED = {}


def find(name, version):
    model = MODELS.get(name)
    if model is None:
        raise Refused(f"Request for unknown model: '{name}' is not found")
    if version not in ("", "1"):
        raise Refused(f"Request for unknown model: '{name}' version {version} is not found")
    return model


def start_response(request, *outputs):
    response = M["Response"](model_name=request.model_name, model_version="1", id=request.id)
    for name, kind, shape, content in outputs:
        response.outputs.add(name=name, datatype=kind, shape=shape)
        response.raw_output_contents.append(content)
    return response


def stream_response(request, final, *outputs):
    response = M["StreamResponse"]()
    response.infer_response.CopyFrom(start_response(request, *outputs))
    response.infer_response.parameters["triton_final_response"].bool_param = final
    return response


def embed(request, values):
    vectors = []
    for text in values["text"]:
        vector = [1.0 + (sum(text) * (i + 1)) % 7 for i in range(8)]
        length = sum(value * value for value in vector) ** 0.5
        vectors += [value / length for value in vector]
    return ("embedding", "FP32", [len(values["text"]), 8], struct.pack(f"<{len(vectors)}f", *vectors))


def answer(prompt):
    """The words after the prompt's last "say ", else the prompt's last word, one token per word."""
    said = prompt.rsplit("say ", 1)[1].split("\n")[0] if "say " in prompt else (prompt.split() or [""])[-1]
    words = said.split(" ")
    return [words[0]] + [" " + word for word in words[1:]]


def generate(request, values, context):
    prompt = values["text_input"][0].decode("utf-8")
    max_tokens = values["max_tokens"][0]
    if max_tokens <= 0:
        error = M["StreamResponse"](error_message="max_tokens must be greater than 0")
        error.infer_response.CopyFrom(stream_response(request, True).infer_response)
        yield error
        return
    if "fail" in prompt:
        error = M["StreamResponse"](error_message="the prompt asked for a failure")
        error.infer_response.CopyFrom(stream_response(request, True).infer_response)
        yield error
        return
    tokens = [f" {i}" for i in range(max_tokens)] if "endless" in prompt else answer(prompt)[:max_tokens]
    counters = []
    if values.get("return_num_input_tokens", [False])[0]:
        counters.append(("num_input_tokens", "INT32", [1, 1], struct.pack("<i", len(prompt.split()))))
    streaming = values.get("stream", [False])[0]
    per_response = 1
    if not streaming:
        per_response = len(tokens)
        echoed = "" if values.get("exclude_input_in_output", [False])[0] else prompt
        tokens = [echoed + "".join(tokens)]
    progress = {"sent": 0}

    def ended():
        # Called at the end of the RPC, however it ends; a cancelled generator is not run to its end.
        if progress["sent"] < len(tokens):
            with LOCK:
                CANCELLED[request.id] = progress["sent"]

    context.add_callback(ended)
    for at, token in enumerate(tokens):
        if "endless" in prompt:
            time.sleep(0.01)
        outputs = [("text_output", "BYTES", [1, 1], pack_bytes(token.encode("utf-8")))] + counters
        if values.get("return_num_output_tokens", [False])[0]:
            outputs.append(("num_output_tokens", "INT32", [1, 1], struct.pack("<i", per_response)))
        progress["sent"] = at + 1
        yield stream_response(request, at == len(tokens) - 1, *outputs)


def model_stream_infer(requests, context):
    for request in requests:
        try:
            model = find(request.model_name, request.model_version)
            values = model.read(request)
        except Refused as refused:
            response = M["StreamResponse"](error_message=str(refused))
            response.infer_response.id = request.id
            yield response
            continue
        if model.decoupled:
            yield from generate(request, values, context)
        else:
            yield stream_response(request, True, embed(request, values))


def model_infer(request, context):
    try:
        model = find(request.model_name, request.model_version)
        if model.decoupled:
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                "ModelInfer RPC doesn't support models with decoupled transaction policy")
        return start_response(request, embed(request, model.read(request)))
    except Refused as refused:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(refused))


def model_config(request, context):
    try:
        return M["ConfigResponse"](config=find(request.name, request.version).config)
    except Refused as refused:
        context.abort(grpc.StatusCode.NOT_FOUND, str(refused))


def repository_index(request, context):
    index = M["Index"]()
    for name in MODELS:
        index.models.add(name=name, version="1", state="READY")
    return index


def server_metadata(request, context):
    """The extensions tell how many tokens each cancelled request had got: cancelled:<id>:<tokens>."""
    with LOCK:
        cancelled = [f"cancelled:{name}:{tokens}" for name, tokens in CANCELLED.items()]
    return M["ServerMetadata"](name="ccore-test-server", version="1", extensions=cancelled)


def unary(behaviour, request, response):
    return grpc.unary_unary_rpc_method_handler(
        behaviour, request_deserializer=M[request].FromString,
        response_serializer=M[response].SerializeToString)


def handlers():
    return (
        grpc.method_handlers_generic_handler("inference.GRPCInferenceService", {
            "ServerLive": unary(lambda request, context: M["Flag"](value=True), "Empty", "Flag"),
            "ServerReady": unary(lambda request, context: M["Flag"](value=True), "Empty", "Flag"),
            "ModelReady": unary(lambda request, context: M["Flag"](value=request.name in MODELS), "Named", "Flag"),
            "ServerMetadata": unary(server_metadata, "Empty", "ServerMetadata"),
            "ModelConfig": unary(model_config, "Named", "ConfigResponse"),
            "RepositoryIndex": unary(repository_index, "IndexRequest", "Index"),
            "ModelInfer": unary(model_infer, "Request", "Response"),
            "ModelStreamInfer": grpc.stream_stream_rpc_method_handler(
                model_stream_infer, request_deserializer=M["Request"].FromString,
                response_serializer=M["StreamResponse"].SerializeToString),
        }),
        grpc.method_handlers_generic_handler("grpc.health.v1.Health", {
            "Check": unary(lambda request, context: M["Health"](status=1), "Named", "Health"),
        }),
    )


def main():
    server = grpc.server(
        futures.ThreadPoolExecutor(max_workers=32),
        options=[("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)])
    server.add_generic_rpc_handlers(handlers())
    port = server.add_insecure_port(f"127.0.0.1:{sys.argv[1] if len(sys.argv) > 1 else 0}")
    server.start()
    print(f"PORT {port}", flush=True)
    sys.stdin.read()
    server.stop(grace=None)


if __name__ == "__main__":
    main()
