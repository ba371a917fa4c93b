mod hostile;
mod reader;
mod smtp_proto;
