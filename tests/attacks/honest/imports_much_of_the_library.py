# Does: import much of the standard library.
import collections, concurrent.futures, csv, ctypes, datetime, decimal, difflib, email.message
import fractions, functools, hashlib, heapq, html, http.client, inspect, itertools, json, math
import pathlib, pickle, queue, re, selectors, shutil, socketserver, ssl, statistics, string
import textwrap, traceback, types, typing, unittest, urllib.parse, xml.dom.minidom, zipfile, zlib
